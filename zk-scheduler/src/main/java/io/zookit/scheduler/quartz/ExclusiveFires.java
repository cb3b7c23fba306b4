package io.zookit.scheduler.quartz;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.scheduler.SlotClaims;
import io.zookit.scheduler.SlotClaims.SlotClaim;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.time.Slot;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.quartz.CronTrigger;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.SimpleTrigger;
import org.quartz.Trigger;
import org.quartz.TriggerKey;
import org.quartz.listeners.JobListenerSupport;
import org.quartz.listeners.SchedulerListenerSupport;
import org.quartz.listeners.TriggerListenerSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claims a fire time before its job runs, vetoes it when another node has it, and records the end. */
@SuppressWarnings("JavaUtilDate") // Quartz' currency
final class ExclusiveFires {

  private static final Logger log = LoggerFactory.getLogger(ExclusiveFires.class);
  private static final String NAME = "zookit-exclusive";
  private static final String CLAIM = "zookit.claim";
  private static final int MOST_NAME = 128;

  private final String scheduler;
  private final AtomicReference<@Nullable ZkClient> client;

  ExclusiveFires(String scheduler, AtomicReference<@Nullable ZkClient> client) {
    this.scheduler = scheduler;
    this.client = client;
  }

  TriggerListenerSupport triggers() {
    return new TriggerListenerSupport() {
      @Override
      public String getName() {
        return NAME;
      }

      @Override
      public boolean vetoJobExecution(Trigger trigger, JobExecutionContext context) {
        return !claim(trigger, context);
      }
    };
  }

  JobListenerSupport jobs() {
    return new JobListenerSupport() {
      @Override
      public String getName() {
        return NAME;
      }

      @Override
      public void jobWasExecuted(
          JobExecutionContext context, @Nullable JobExecutionException thrown) {
        end(context, thrown);
      }
    };
  }

  SchedulerListenerSupport checks() {
    return new SchedulerListenerSupport() {
      @Override
      public void jobScheduled(Trigger trigger) {
        isOnGrid(trigger);
      }
    };
  }

  private boolean claim(Trigger trigger, JobExecutionContext context) {
    ZkClient open = client.get();
    if (open == null || !isOnGrid(trigger)) {
      return false;
    }
    Instant time = context.getScheduledFireTime().toInstant();
    try {
      Optional<SlotClaim> claim =
          SlotClaims.in(open).tryClaim(nameOf(trigger.getKey()), Slot.at(time));
      claim.ifPresent(mine -> {
        context.put(CLAIM, mine);
        context.put(ExclusiveJobsPlugin.TOKEN, mine.token());
      });
      return claim.isPresent();
    } catch (ZkException e) {
      log.error("{} at {} does not run here: it could not be claimed", trigger.getKey(), time, e);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void end(JobExecutionContext context, @Nullable JobExecutionException thrown) {
    if (!(context.get(CLAIM) instanceof SlotClaim claim)) {
      return;
    }
    try {
      String error = thrown == null ? null : String.valueOf(thrown.getMessage());
      if (!claim.end(thrown == null ? SlotOutcome.RAN : SlotOutcome.FAILED, error)) {
        log.warn("{}: ended after its claim was lost", context.getTrigger().getKey());
      }
    } catch (ZkException e) {
      log.error("{}: its end could not be recorded", context.getTrigger().getKey(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether a late fire keeps its scheduled time; otherwise each node would see a time of its own. */
  private static boolean isOnGrid(Trigger trigger) {
    int instruction = trigger.getMisfireInstruction();
    boolean kept = instruction == Trigger.MISFIRE_INSTRUCTION_IGNORE_MISFIRE_POLICY
        || (trigger instanceof CronTrigger
            && instruction == CronTrigger.MISFIRE_INSTRUCTION_DO_NOTHING)
        || (trigger instanceof SimpleTrigger
            && instruction
                >= SimpleTrigger.MISFIRE_INSTRUCTION_RESCHEDULE_NEXT_WITH_REMAINING_COUNT);
    if (!kept) {
      log.error(
          "trigger {} is refused: its misfire instruction is {}, with which a late fire gets the time at which a node"
              + " woke up, so that nodes cannot agree on it (expected: IGNORE_MISFIRE_POLICY, DO_NOTHING or NEXT_WITH_…)",
          trigger.getKey(),
          instruction);
    }
    return kept;
  }

  private String nameOf(TriggerKey key) {
    String name = ("quartz." + scheduler + "." + key.getGroup() + "." + key.getName())
        .replaceAll("[^A-Za-z0-9._-]", "_");
    if (name.length() > MOST_NAME) {
      String hash = Integer.toHexString(key.toString().hashCode());
      name = name.substring(0, MOST_NAME - hash.length()) + hash;
    }
    return name;
  }
}
