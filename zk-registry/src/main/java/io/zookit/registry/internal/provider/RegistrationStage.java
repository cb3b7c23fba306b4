package io.zookit.registry.internal.provider;

import io.zookit.registry.RegistrationStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Stage in the life of a registration. Immutable except for the future of one that is pending. */
sealed interface RegistrationStage {

  /** The status that is shown to its user. */
  RegistrationStatus status();

  /** Returns why it is not registered. */
  default String problem() {
    return "";
  }

  /**
   * No node is known to exist.
   *
   * @param settled completed when it is no longer pending
   */
  record PendingStage(String problem, CompletableFuture<RegistrationStatus> settled)
      implements RegistrationStage {

    @Override
    public RegistrationStatus status() {
      return RegistrationStatus.PENDING;
    }
  }

  /** Its node exists. */
  record RegisteredStage() implements RegistrationStage {

    @Override
    public RegistrationStatus status() {
      return RegistrationStatus.REGISTERED;
    }
  }

  /** Another provider has registered the id later, at another address. */
  record ConflictStage(String problem) implements RegistrationStage {

    @Override
    public RegistrationStatus status() {
      return RegistrationStatus.CONFLICT;
    }
  }

  /**
   * It is over for its user.
   *
   * @param begun whether the goodbye is written, or is about to be
   * @param graceSince when the grace period began, in nanoseconds of the timekeeper; null before
   */
  record LeavingStage(
      Duration grace,
      boolean wasRegistered,
      boolean begun,
      @Nullable Long graceSince) implements RegistrationStage {

    /** The rest of a grace period that has begun; zero or less once it is over. */
    Duration left(long nanos) {
      return graceSince == null ? grace : grace.minusNanos(nanos - graceSince);
    }

    @Override
    public RegistrationStatus status() {
      return RegistrationStatus.LEAVING;
    }
  }

  /** No node exists, and none will. */
  record GoneStage() implements RegistrationStage {

    @Override
    public RegistrationStatus status() {
      return RegistrationStatus.GONE;
    }
  }
}
