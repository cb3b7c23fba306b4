/** Tests. */
@NullMarked
package io.zookit.id;

import org.jspecify.annotations.NullMarked;
