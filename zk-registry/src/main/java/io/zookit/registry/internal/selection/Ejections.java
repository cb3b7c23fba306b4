package io.zookit.registry.internal.selection;

import io.zookit.core.internal.lane.Timeouts;
import io.zookit.registry.health.OutlierRule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The instances that this process does not call because of the results of its calls, by the names of their nodes: a new
 * registration is a new chance. Immutable.
 *
 * <pre>
 *   fine ──failures──► ejected ──time──► on probation ──success──► fine
 *                         ▲                   │ failure
 *                         └───────────────────┘ for twice as long
 * </pre>
 */
public final class Ejections {

  private record Ejected(int times, long until, boolean probation, String reason) {

    Ejected toProbation() {
      return new Ejected(times, until, true, reason);
    }

    boolean isOver(long now) {
      return !probation && now - until >= 0;
    }
  }

  private final OutlierRule rule;
  private final Map<String, Ejected> ejected;

  private Ejections(OutlierRule rule, Map<String, Ejected> ejected) {
    this.rule = rule;
    this.ejected = Map.copyOf(ejected);
  }

  static Ejections none(OutlierRule rule) {
    return new Ejections(rule, Map.of());
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
   * @return this object if nothing changed
   */
  Ejections evaluate(ServiceMember member, List<ServiceMember> all, long now) {
    Ejected before = ejected.get(member.name());
    if (before != null && !before.probation) {
      return this;
    }
    int failures = member.stats().failuresInRow();
    if (before != null && failures == 0) {
      return without(member);
    }
    boolean probationFailed = before != null;
    if (!probationFailed && failures < rule.failuresInRow() && !isOutlier(member, all, now)) {
      return this;
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

  private Ejections eject(ServiceMember member, int times, int all, int failures, long now) {
    Ejections others = without(member);
    long out = others.ejected.values().stream().filter(each -> !each.probation).count();
    if (!rule.admits((int) out, all)) {
      return others;
    }
    long until = now + Timeouts.nanos(rule.pause(times));
    Map<String, Ejected> more = new HashMap<>(others.ejected);
    more.put(
        member.name(), new Ejected(times, until, false, "ejected after " + failures + " failures"));
    return new Ejections(rule, more);
  }

  private Ejections without(ServiceMember member) {
    if (!ejected.containsKey(member.name())) {
      return this;
    }
    Map<String, Ejected> others = new HashMap<>(ejected);
    others.remove(member.name());
    return new Ejections(rule, others);
  }

  boolean isEmpty() {
    return ejected.isEmpty();
  }

  /**
   * The same, with those on probation whose time is over, and without the nodes that do not exist.
   *
   * @param names of all nodes that exist
   */
  Ejections released(Supplier<Set<String>> names, long now) {
    if (ejected.isEmpty()) {
      return this;
    }
    Map<String, Ejected> left = new HashMap<>(ejected);
    left.keySet().retainAll(names.get());
    left.replaceAll((name, one) -> one.isOver(now) ? one.toProbation() : one);
    return new Ejections(rule, left);
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
