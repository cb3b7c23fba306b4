package io.zookit.lock;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How requests of a lock are made.
 *
 * @param observers who hears of them
 * @param party who asks, when it said so
 * @param deadlockAfter how long a request waits before it looks for a cycle; never when absent
 */
record LockOptions(
    LockObservers observers,
    @Nullable String party,
    @Nullable Duration deadlockAfter) {}
