package io.zookit.scheduler.internal.rules;

import io.zookit.scheduler.Job;
import io.zookit.scheduler.time.CronSchedule;
import io.zookit.scheduler.time.Slot;
import java.time.ZoneId;
import java.time.zone.ZoneRules;

/** Says in words what a change of the clocks does to a slot. */
public final class DstNote {

  private DstNote() {}

  public static String of(Job job, Slot slot) {
    if (job.schedule().isEmpty() || !(job.schedule().get() instanceof CronSchedule cron)) {
      return "";
    }
    ZoneId zone = cron.zone();
    ZoneRules rules = zone.getRules();
    return switch (rules.getValidOffsets(slot.label()).size()) {
      case 0 ->
        slot.label().toLocalTime() + " does not exist on this day in " + zone
            + ": the clocks go forward, it runs at "
            + slot.instant().atZone(zone).toLocalTime();
      case 2 ->
        slot.label().toLocalTime() + " comes twice on this day in " + zone
            + ": the clocks go back, this is the " + (slot.fold() == 0 ? "first" : "second");
      default -> "";
    };
  }
}
