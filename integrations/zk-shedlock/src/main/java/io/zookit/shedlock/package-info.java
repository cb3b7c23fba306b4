/**
 * Locks for ShedLock's tasks.
 *
 * <pre>
 *   locks/shedlock/NAME              the lock of a task: its session holds it
 *   locks/shedlock-not-before/NAME   the time before which no task of the name may start, by ZooKeeper's clock
 * </pre>
 */
@NullMarked
package io.zookit.shedlock;

import org.jspecify.annotations.NullMarked;
