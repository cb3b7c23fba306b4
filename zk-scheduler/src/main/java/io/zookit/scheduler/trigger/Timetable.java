package io.zookit.scheduler.trigger;

import java.time.Instant;
import java.util.Optional;

/** Fire times of a trigger, on the clock of its engine. Pure, brief, and callable from any thread. */
@FunctionalInterface
public interface Timetable {

  /** The first time after an instant, exclusive; empty when there is none any more. */
  Optional<Instant> next(Instant after);
}
