/**
 * Barriers at which processes wait for each other: a latch that opens when its count reaches zero, and a double barrier
 * that members enter and leave together.
 *
 * <p>Both work in numbered generations. What belongs to one can never be counted in another: a latch is read with the
 * generation in which the wait began, and a member withdraws from a barrier in one transaction with the proof that it
 * has not opened.
 */
@NullMarked
package io.zookit.lock.barrier;

import org.jspecify.annotations.NullMarked;
