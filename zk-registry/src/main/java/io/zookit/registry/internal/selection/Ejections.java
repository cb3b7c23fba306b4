package io.zookit.registry.internal.selection;

import io.zookit.core.internal.lane.Timeouts;
import io.zookit.registry.health.OutlierRule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The instances this process does not call for what its calls came to. By the names of their nodes: a new registration is
 * a new chance. Pure; used by one thread at a time.
 *
 * <pre>
 *   fine ──failures──► ejected ──time──► on probation ──success──► fine
 *                         ▲                   │ failure
 *                         └───────────────────┘ for twice as long
 * </pre>
 */
public final class Ejections {

  private record Ejected(int times, long until, boolean probation, String reason) {}

  private final OutlierRule rule;
  private final Map<String, Ejected> ejected = new HashMap<>();

  Ejections(OutlierRule rule) {
    this.rule = rule;
  }

  /** Tells if the result of a call has to be looked at. */
  public static boolean isRemarkable(ServiceMember member, OutlierRule rule) {
    return member.onProbation()
        || member.stats().failuresInRow() >= rule.failuresInRow()
        || member.stats().failuresInRow() == 1;
  }

  /**
   * Evaluates a member after a call.
   *
   * @param all the members that could be chosen if none were ejected
   * @return whether something changed
   */
  boolean evaluate(ServiceMember member, List<ServiceMember> all, long now) {
    Ejected before = ejected.get(member.name());
    if (before != null && !before.probation) {
      return false;
    }
    int failures = member.stats().failuresInRow();
    if (before != null && failures == 0) {
      ejected.remove(member.name());
      return true;
    }
    boolean probationFailed = before != null;
    if (!probationFailed && failures < rule.failuresInRow() && !isOutlier(member, all, now)) {
      return false;
    }
    return eject(member, before == null ? 1 : before.times + 1, all.size(), failures, now);
  }

  private boolean isOutlier(ServiceMember member, List<ServiceMember> all, long now) {
    List<Double> others = all.stream()
        .filter(each -> each.stats() != member.stats())
        .map(each -> each.stats().failures(now))
        .toList();
    return rule.isOutlier(member.stats().failures(now), others);
  }

  private boolean eject(ServiceMember member, int times, int all, int failures, long now) {
    ejected.remove(member.name());
    long out = ejected.values().stream().filter(each -> !each.probation).count();
    if (!rule.admits((int) out, all)) {
      return times > 1;
    }
    long until = now + Timeouts.nanos(rule.pause(times));
    ejected.put(
        member.name(), new Ejected(times, until, false, "ejected after " + failures + " failures"));
    return true;
  }

  boolean isEmpty() {
    return ejected.isEmpty();
  }

  /** Lets those whose time is over come back, and forgets nodes that are not there. */
  boolean release(Set<String> names, long now) {
    boolean changed = ejected.keySet().retainAll(names);
    for (String name : new HashSet<>(ejected.keySet())) {
      Ejected one = ejected.get(name);
      if (one != null && !one.probation && now - one.until >= 0) {
        ejected.put(name, new Ejected(one.times, one.until, true, one.reason));
        changed = true;
      }
    }
    return changed;
  }

  /** Returns the reason why a member is ejected, if it is. */
  Optional<String> reason(String name) {
    return Optional.ofNullable(ejected.get(name))
        .filter(each -> !each.probation)
        .map(Ejected::reason);
  }

  boolean isOnProbation(String name) {
    Ejected one = ejected.get(name);
    return one != null && one.probation;
  }

  Optional<Long> nextDeadline() {
    return ejected.values().stream()
        .filter(each -> !each.probation)
        .map(Ejected::until)
        .min(Long::compare);
  }
}
