package io.zookit.registry.internal.selection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The instances that vanished without a goodbye. They may be dead, or only their sessions are.
 *
 * <p>What is judged is what remains: when less than half is left of what was there when all was well, the last that
 * vanished fill it up (<i>panic</i>), as many as are missing. An instance that is back under its id, or whose address
 * another one has now, is in quarantine no longer. Immutable.
 */
public final class Quarantine {

  static final Duration LONGEST = Duration.ofMinutes(10);
  static final Quarantine EMPTY = empty(0);

  private record VanishedMember(ServiceMember member, long since, boolean restored) {

    boolean isExpired(long now) {
      return now - since >= LONGEST.toNanos();
    }
  }

  private final Map<String, VanishedMember> lost;
  private final int healthy;

  private Quarantine(Map<String, VanishedMember> lost, int healthy) {
    this.lost = Collections.unmodifiableMap(lost);
    this.healthy = healthy;
  }

  /**
   * Nothing is in quarantine.
   *
   * @param healthy the number of instances that can be chosen
   */
  static Quarantine empty(int healthy) {
    return new Quarantine(Map.of(), healthy);
  }

  /** The same with instances that are gone without a goodbye. */
  Quarantine with(Collection<ServiceMember> members, long now) {
    Map<String, VanishedMember> more = new LinkedHashMap<>(lost);
    for (ServiceMember member : members) {
      more.remove(member.id()); // the last that vanished comes last
      more.put(member.id(), new VanishedMember(member, now, false));
    }
    return new Quarantine(more, healthy);
  }

  /** The same with instances of an earlier run of this process, which may or may not still exist. */
  Quarantine withRestored(Collection<ServiceMember> members, long now) {
    Map<String, VanishedMember> more = new LinkedHashMap<>(lost);
    members.stream()
        .filter(each -> ServiceMember.takesCalls(each.instance()))
        .forEach(each -> more.put(each.id(), new VanishedMember(each, now, true)));
    return new Quarantine(more, more.size());
  }

  /** The same without an instance that is certainly dead; this object if it is not remembered. */
  Quarantine without(ServiceMember member) {
    VanishedMember one = lost.get(member.id());
    if (one == null || !one.member.name().equals(member.name())) {
      return this;
    }
    Map<String, VanishedMember> left = new LinkedHashMap<>(lost);
    left.remove(member.id());
    return new Quarantine(left, healthy);
  }

  /**
   * The same after a new listing. A member that is no longer usable without having vanished is not missed; a new member
   * replaces one that is missed.
   *
   * @param live all members that exist
   * @param wereUsable those that could be chosen before
   * @param usable those of {@code live} that may be chosen
   */
  Quarantine after(
      List<ServiceMember> live,
      List<ServiceMember> wereUsable,
      List<ServiceMember> usable,
      long now) {
    if (lost.isEmpty()) {
      return empty(usable.size());
    }
    Map<String, VanishedMember> left = new LinkedHashMap<>(lost);
    left.values().removeIf(each -> (each.restored && !usable.isEmpty()) || each.isExpired(now));
    int missed = healthy;
    if (!left.isEmpty()) {
      Set<String> stillUsable = collected(usable, ServiceMember::id);
      missed -= (int) wereUsable.stream()
          .filter(each -> !stillUsable.contains(each.id()) && !left.containsKey(each.id()))
          .count();
      left.keySet().removeAll(collected(live, ServiceMember::id));
      Set<String> addresses = collected(live, each -> each.instance().address());
      left.values().removeIf(each -> addresses.contains(each.member.instance().address()));
    }
    return left.isEmpty()
        ? empty(usable.size())
        : new Quarantine(left, Math.max(missed, usable.size()));
  }

  private static Set<String> collected(
      List<ServiceMember> members, Function<ServiceMember, String> what) {
    return members.stream().map(what).collect(Collectors.toSet());
  }

  /** Returns whether no instance is remembered. */
  boolean isEmpty() {
    return lost.isEmpty();
  }

  /**
   * Returns those that stay in rotation, the last that vanished first.
   *
   * @param usable the number of instances that may be chosen without them
   */
  List<ServiceMember> inRotation(int usable) {
    if (lost.isEmpty() || 2 * usable >= healthy) {
      return List.of();
    }
    List<ServiceMember> newestFirst = new ArrayList<>(all());
    Collections.reverse(newestFirst);
    return newestFirst.subList(0, Math.min(newestFirst.size(), healthy - usable));
  }

  /** The one of an id, if it is remembered. */
  Optional<ServiceMember> find(String id) {
    return Optional.ofNullable(lost.get(id)).map(VanishedMember::member);
  }

  /** Everything that is remembered, the first that vanished first. */
  List<ServiceMember> all() {
    return lost.values().stream().map(VanishedMember::member).toList();
  }

  /** Returns the time at which the next instance is forgotten. */
  Optional<Long> nextDeadline() {
    return lost.values().stream()
        .map(VanishedMember::since)
        .min(Long::compare)
        .map(first -> first + LONGEST.toNanos());
  }
}
