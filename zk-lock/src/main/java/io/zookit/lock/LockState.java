package io.zookit.lock;

import org.jspecify.annotations.Nullable;

/**
 * What outlives the requests of a lock.
 *
 * @param kind which recipe wrote it
 * @param maximum permits of a semaphore
 * @param heldBy the token of who has entered and not left; still there when he died inside
 * @param cell what the owners keep here for each other, in base 64
 * @param transferTo the candidate an election's leader wants next
 * @param transferUntil epoch milliseconds until when the others let him pass
 */
record LockState(
    String kind,
    @Nullable Integer maximum,
    @Nullable String heldBy,
    @Nullable String cell,
    @Nullable String transferTo,
    @Nullable Long transferUntil) {

  static final String SEMAPHORE = "semaphore";

  static LockState semaphore(int maximum) {
    return new LockState(SEMAPHORE, maximum, null, null, null, null);
  }
}
