package io.zookit.config;

import io.zookit.config.gray.Audience;
import io.zookit.config.gray.Instance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A release that some instances have while the others keep the stable one. It lives in ZooKeeper until it is promoted
 * or abandoned, and needs no process to hold it: this is a handle by name and number, not closeable.
 *
 * <p><i>Threads:</i> any; every method asks ZooKeeper and waits, at most the store's timeout unless said otherwise.
 *
 * <p><i>Failure:</i> {@link ConfigNotFoundException} when it was promoted or abandoned already; {@link
 * ConfigUnknownException} when the answer to a change was lost for good.
 */
public interface GrayRelease {

  /**
   * State of a gray release.
   *
   * @param step the present step, from 0
   * @param steps how many there are
   * @param matched the live instances that are to have it
   * @param applied how many of them say they have it
   * @param rejected how many of them refused it, each with its reason
   */
  record Status(
      int step,
      int steps,
      Audience audience,
      boolean paused,
      Instant since,
      List<Instance> matched,
      int applied,
      List<String> rejected) {}

  /** Outcome of {@link #advance}. */
  enum Progress {
    /** Nothing; it is too early, or paused. */
    HOLDING,
    /** The next step has begun. */
    STEPPED,
    /** It is stable now. */
    PROMOTED,
    /** It was abandoned: refused by an instance, or not healthy. */
    ABORTED
  }

  /** The namespace it belongs to. */
  Namespace namespace();

  /** Its name. */
  String name();

  /** Its number. */
  int release();

  /** Its present state. */
  Status status() throws InterruptedException;

  /**
   * Gives it a greater audience at once, as a step of its own. Instances that have it keep it.
   *
   * @throws IllegalArgumentException if a live instance would lose it, or the dose would shrink
   */
  void widen(Audience audience, Change change) throws InterruptedException;

  /** Stops {@link #advance}; the instances that have it keep it. */
  void pause(Change change) throws InterruptedException;

  /** Lets {@link #advance} go on. */
  void resume(Change change) throws InterruptedException;

  /**
   * Makes its content stable, as a new release.
   *
   * @throws ConfigConflictException if another release became stable since it was started and the change is not {@link
   *     Change#onTopOf} that one
   */
  Release promote(Change change) throws InterruptedException;

  /** Ends it; everybody goes back to the stable release. */
  void abandon(Change change) throws InterruptedException;

  /**
   * Looks once whether the next step may begin, and begins it: when the step has lasted long enough, enough instances have
   * applied it and it is healthy. Behind the last step it is promoted. When an instance refused it or it is not healthy it is
   * abandoned.
   *
   * @param healthy what the caller knows besides
   */
  Progress advance(BooleanSupplier healthy, Change change) throws InterruptedException;

  /**
   * Calls {@link #advance} again and again until the release is promoted or abandoned. If this process dies, the
   * release stays at its step until a process drives it again.
   *
   * @param interval the time between two looks, more than zero
   */
  Progress drive(BooleanSupplier healthy, Duration interval, Change change)
      throws InterruptedException;
}
