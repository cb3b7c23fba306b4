/** Durations as people write them. */
@NullMarked
package io.zookit.core.time;

import org.jspecify.annotations.NullMarked;
