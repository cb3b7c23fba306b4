/** Numbers from a counter: allocation, rolls, raises and resizes, and the buffer of segments. */
@NullMarked
package io.zookit.id.internal.sequence;

import org.jspecify.annotations.NullMarked;
