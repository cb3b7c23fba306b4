/** Experiments on a counter that several processes increment under a lock. */
@NullMarked
package io.zookit.chaos.counter;

import org.jspecify.annotations.NullMarked;
