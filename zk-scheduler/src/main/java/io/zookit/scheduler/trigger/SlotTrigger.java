package io.zookit.scheduler.trigger;

import java.io.Serial;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;
import org.quartz.Calendar;
import org.quartz.JobKey;
import org.quartz.ScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerKey;
import org.quartz.impl.triggers.AbstractTrigger;

/**
 * A Quartz trigger that asks a pure {@link Timetable}: two references and two dates instead of the sets of a cron
 * trigger.
 *
 * <p>Its misfire instruction is always to ignore misfires: any other makes Quartz set the fire time to the moment it
 * woke up, which differs from node to node.
 */
@SuppressWarnings({"JavaUtilDate", "NullAway"
}) // Quartz' currency, and null is its word for "no more"
final class SlotTrigger extends AbstractTrigger<SlotTrigger> {

  @Serial
  private static final long serialVersionUID = 1L;

  private final transient Timetable timetable;
  private @Nullable Date previous;
  private @Nullable Date next;

  SlotTrigger(TriggerKey key, JobKey job, Timetable timetable, Instant now) {
    this.timetable = timetable;
    setKey(key);
    setJobKey(job);
    next = after(now);
  }

  private @Nullable Date after(Instant instant) {
    return timetable.next(instant).map(Date::from).orElse(null);
  }

  @Override
  public void triggered(@Nullable Calendar calendar) {
    previous = next;
    next = next == null ? null : after(next.toInstant());
  }

  @Override
  public @Nullable Date computeFirstFireTime(@Nullable Calendar calendar) {
    return next;
  }

  @Override
  public boolean mayFireAgain() {
    return next != null;
  }

  @Override
  public @Nullable Date getNextFireTime() {
    return next;
  }

  @Override
  public void setNextFireTime(@Nullable Date time) {
    next = time;
  }

  @Override
  public @Nullable Date getPreviousFireTime() {
    return previous;
  }

  @Override
  public void setPreviousFireTime(@Nullable Date time) {
    previous = time;
  }

  @Override
  public @Nullable Date getFireTimeAfter(@Nullable Date time) {
    return time == null ? next : after(time.toInstant());
  }

  @Override
  public Date getStartTime() {
    return new Date(0);
  }

  @Override
  public void setStartTime(Date time) {}

  @Override
  public @Nullable Date getEndTime() {
    return null;
  }

  @Override
  public void setEndTime(@Nullable Date time) {}

  @Override
  public @Nullable Date getFinalFireTime() {
    return null;
  }

  @Override
  public int getMisfireInstruction() {
    return Trigger.MISFIRE_INSTRUCTION_IGNORE_MISFIRE_POLICY;
  }

  @Override
  protected boolean validateMisfireInstruction(int instruction) {
    return instruction == Trigger.MISFIRE_INSTRUCTION_IGNORE_MISFIRE_POLICY;
  }

  @Override
  public void updateAfterMisfire(@Nullable Calendar calendar) {}

  @Override
  public void updateWithNewCalendar(@Nullable Calendar calendar, long threshold) {}

  @Override
  public ScheduleBuilder<SlotTrigger> getScheduleBuilder() {
    throw new UnsupportedOperationException("a slot trigger is made by its engine only");
  }
}
