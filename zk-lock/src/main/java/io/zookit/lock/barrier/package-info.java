/**
 * Places where processes wait for each other: a latch that opens when enough has happened, and a barrier that members
 * enter and leave together.
 *
 * <p>Both work in numbered generations. What belongs to one can never be counted in another: a latch is read with the
 * generation in which the wait began, and who gives up at a barrier does so in one transaction with the proof that it
 * has not opened.
 */
@NullMarked
package io.zookit.lock.barrier;

import org.jspecify.annotations.NullMarked;
