/** The experiment on the order in which waiters are granted. */
@NullMarked
package io.zookit.chaos.fifo;

import org.jspecify.annotations.NullMarked;
