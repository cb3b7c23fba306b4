package io.zookit.admin.job;

import io.zookit.scheduler.time.FixedDelay;
import io.zookit.scheduler.time.FixedRate;
import io.zookit.scheduler.time.OneShot;
import io.zookit.scheduler.time.Schedule;

/** A schedule in words. */
final class ScheduleWords {

  private ScheduleWords() {}

  static String of(Schedule schedule) {
    if (schedule instanceof FixedRate rate) {
      return "every " + rate.period() + " from " + rate.start();
    }
    if (schedule instanceof FixedDelay delay) {
      return delay.delay() + " after the end of the last";
    }
    return schedule instanceof OneShot shot
        ? "once at " + shot.slot().instant()
        : schedule.toString();
  }
}
