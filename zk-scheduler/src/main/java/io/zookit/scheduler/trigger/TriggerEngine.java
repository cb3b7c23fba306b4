package io.zookit.scheduler.trigger;

import java.time.Instant;
import java.util.function.Consumer;

/**
 * A timer for very many jobs of one node.
 *
 * <p>Fires may be late, early because of a wrong clock, or duplicated; the receiver must check. An engine reads its own
 * clock and does not have to notice when it is set: it is armed again then.
 *
 * <p><i>Threads:</i> all methods from any thread.
 */
public interface TriggerEngine extends AutoCloseable {

  /**
   * Begins to fire. Called once.
   *
   * @param fired receives the key of a trigger that is due, on a thread of the engine; it only enqueues
   */
  void start(Consumer<String> fired);

  /** Returns the current time of the clock that this engine uses. */
  Instant now();

  /** Fires by a timetable from now on, instead of what the key was armed with before. */
  void arm(String key, Timetable timetable);

  /** Fires no more for a key. */
  void disarm(String key);

  /** Returns the number of armed triggers. */
  int armed();

  /** Ends everything. Idempotent. */
  @Override
  void close();
}
