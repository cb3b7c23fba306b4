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
 * another one has now, is in quarantine no longer. Pure; used by one thread at a time.
 */
final class Quarantine {

  static final Duration LONGEST = Duration.ofMinutes(10);

  private record VanishedMember(ServiceMember member, long since, boolean restored) {}

  private final Map<String, VanishedMember> lost = new LinkedHashMap<>();
  private List<ServiceMember> usable = List.of();
  private int healthy;

  /** An instance is gone without a goodbye. */
  void add(ServiceMember member, long now) {
    lost.remove(member.instance().id());
    lost.put(member.instance().id(), new VanishedMember(member, now, false));
  }

  /** Adds the instances of an earlier run of this process, which may or may not still exist. */
  void restore(Collection<ServiceMember> members, long now) {
    members.stream()
        .filter(each -> ServiceMember.takesCalls(each.instance()))
        .forEach(each -> lost.put(each.instance().id(), new VanishedMember(each, now, true)));
    healthy = lost.size();
  }

  /**
   * Takes a whole listing into account. A member that is no longer usable without having vanished is not missed; a new
   * member replaces one that is missed.
   *
   * @param live all members that exist
   * @param nowUsable those of them that may be chosen
   */
  void update(List<ServiceMember> live, List<ServiceMember> nowUsable, long now) {
    if (!nowUsable.isEmpty()) {
      lost.values().removeIf(VanishedMember::restored);
    }
    lost.values().removeIf(each -> now - each.since >= LONGEST.toNanos());
    if (!lost.isEmpty()) {
      Set<String> stillUsable = collected(nowUsable, ServiceMember::id);
      usable.stream()
          .filter(each -> !stillUsable.contains(each.id()) && !lost.containsKey(each.id()))
          .forEach(each -> healthy--);
      lost.keySet().removeAll(collected(live, ServiceMember::id));
      Set<String> addresses = collected(live, each -> each.instance().address());
      lost.values().removeIf(each -> addresses.contains(each.member.instance().address()));
    }
    if (lost.isEmpty() || nowUsable.size() > healthy) {
      healthy = nowUsable.size();
    }
    usable = nowUsable;
  }

  private static Set<String> collected(
      List<ServiceMember> members, Function<ServiceMember, String> what) {
    return members.stream().map(what).collect(Collectors.toSet());
  }

  /** Returns whether no instance is remembered. */
  boolean isEmpty() {
    return lost.isEmpty();
  }

  /** Those that stay in rotation, the last that vanished first. */
  List<ServiceMember> inRotation() {
    int left = usable.size();
    if (lost.isEmpty() || 2 * left >= healthy) {
      return List.of();
    }
    List<ServiceMember> newestFirst = new ArrayList<>(all());
    Collections.reverse(newestFirst);
    return newestFirst.subList(0, Math.min(newestFirst.size(), healthy - left));
  }

  /** One is dead for certain. */
  boolean remove(ServiceMember member) {
    VanishedMember one = lost.get(member.instance().id());
    return one != null
        && one.member.name().equals(member.name())
        && lost.remove(member.instance().id()) != null;
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
