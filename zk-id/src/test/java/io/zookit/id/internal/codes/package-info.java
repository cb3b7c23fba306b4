/** Tests. */
@NullMarked
package io.zookit.id.internal.codes;

import org.jspecify.annotations.NullMarked;
