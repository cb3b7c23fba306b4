package io.zookit.scheduler.internal.node;

import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.rules.Planner;
import io.zookit.scheduler.internal.state.CachedJob;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Selects the next of the manual triggers. Confined to the loop. */
final class ManualTriggerQueue {

  private static final Logger log = LoggerFactory.getLogger(ManualTriggerQueue.class);

  private final Set<String> tooLarge = new HashSet<>();

  /**
   * The oldest trigger of a job that was not taken since they were read and whose parameters can be kept now; one that
   * never fits is left where it is.
   */
  CachedJob.@Nullable Trigger next(CachedJob entry) {
    StateRecord none = entry.state.withOpen(List.of());
    for (CachedJob.Trigger trigger : entry.triggers) {
      if (entry.state.hasTaken(trigger.id())) {
        continue;
      }
      if (Planner.hasRoom(entry.state, trigger.record().parameters())) {
        return trigger;
      }
      boolean never = !Planner.hasRoom(none, trigger.record().parameters());
      if (never && tooLarge.add(entry.name + "/" + trigger.id())) {
        log.warn(
            "job {}: trigger {} is left alone, its parameters are too large",
            entry.name,
            trigger.id());
      }
    }
    return null;
  }
}
