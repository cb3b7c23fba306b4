/**
 * The ground floor of Zookit: the connection, the session and the words every module shares.
 *
 * <p>You ask a noun for a handle, the handle tells you honestly what it knows, and closing the handle undoes it. The
 * noun here is {@link io.zookit.core.ZkClient}; it is cheap to share and meant to be one per process and ensemble.
 *
 * <p>What holds for every type of every module, unless its own page says otherwise:
 *
 * <ul>
 *   <li><b>Nulls.</b> No public method takes or returns {@code null}.
 *   <li><b>Threads.</b> Handles may be used and closed by any thread. User callbacks run one at a time, in order, on
 *       the client's executor, never on a thread of ZooKeeper.
 *   <li><b>Closing.</b> {@code close()} is idempotent, bounded in time and never throws for I/O.
 *   <li><b>Time.</b> A {@link java.time.Duration} of zero means "do not wait"; a negative one is an
 *       {@link IllegalArgumentException} before anything is sent.
 *   <li><b>Errors.</b> Failures of coordination are {@link io.zookit.core.ZkException}s. {@link
 *       io.zookit.core.ZkUnavailableException} means that the outcome is unknown unless its message says otherwise.
 *   <li><b>Blocking.</b> What blocks throws {@link InterruptedException}; an interrupt leaves nothing behind.
 * </ul>
 */
@NullMarked
package io.zookit.core;

import org.jspecify.annotations.NullMarked;
