package io.zookit.lock.barrier;

import io.zookit.core.internal.EphemeralBudget;
import io.zookit.core.internal.SessionHandle;
import io.zookit.core.internal.ZkPath;

/**
 * A member's node in a round that has opened.
 *
 * @param reserved what it takes of the session's budget
 */
record BarrierPlace(
    SessionHandle handle, ZkPath node, long generation, EphemeralBudget.Reservation reserved) {}
