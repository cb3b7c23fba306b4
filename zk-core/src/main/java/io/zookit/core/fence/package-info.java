/**
 * Fences for stores, which refuse a holder that has lost its lock without knowing it.
 *
 * <p>No lock service can prevent two processes from both believing that they hold a lock: one may sleep through the end
 * of its session and wake up in the middle of its work. What can be prevented is harm. The store remembers the greatest
 * {@link io.zookit.core.FencingToken} it has seen for a resource and admits nothing older.
 *
 * <p>Three rules make that complete:
 *
 * <ul>
 *   <li><b>Reads count.</b> Ask the fence before the <i>first touch</i> of the resource, read or write. Where only
 *       writes are fenced, a stale holder can overwrite between the read and the write of the new one, and an
 *       acknowledged update is lost.
 *   <li><b>One step.</b> The check and what it protects belong into one transaction, or under one lock, of the store.
 *   <li><b>One lock per resource.</b> Tokens of different locks say nothing about each other. Permits of a semaphore
 *       with more than one do not fence a store.
 * </ul>
 *
 * <p>{@link io.zookit.core.fence.JdbcFence} guards data in a relational database,
 * {@link io.zookit.core.fence.MemoryFence} data in this process; {@link io.zookit.core.fence.FenceMark} is their
 * decision alone, for any other store that can compare and set.
 */
@NullMarked
package io.zookit.core.fence;

import org.jspecify.annotations.NullMarked;
