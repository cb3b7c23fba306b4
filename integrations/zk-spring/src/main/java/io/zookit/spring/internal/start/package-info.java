/** Creation of the client and the stores from properties, and what stops the start. */
@NullMarked
package io.zookit.spring.internal.start;

import org.jspecify.annotations.NullMarked;
