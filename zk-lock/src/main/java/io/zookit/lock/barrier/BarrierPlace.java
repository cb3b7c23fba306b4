package io.zookit.lock.barrier;

import io.zookit.core.internal.node.EphemeralBudget;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;

/**
 * A member's node in a round that has opened.
 *
 * @param reserved what it takes of the session's budget
 */
record BarrierPlace(
    SessionHandle handle, ZkPath node, long generation, EphemeralBudget.Reservation reserved) {}
