package io.zookit.scheduler.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every zone, every transition from 2020 to 2037, every class of expressions, all policies: the schedule against a walk
 * over all minutes that knows nothing of cron.
 */
@Tag("full")
class EveryZoneTest {

  private static final Instant BEGIN = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("2038-01-01T00:00:00Z");
  private static final Duration AROUND = Duration.ofMinutes(200);

  /** A class of expressions: as cron, and as a predicate on local minutes. */
  private record Kind(String cron, Predicate<LocalDateTime> matches) {}

  private static final List<Kind> KINDS = List.of(
      new Kind("0 */15 * * * ?", at -> at.getMinute() % 15 == 0),
      new Kind("0 5 */2 * * ?", at -> at.getMinute() == 5 && at.getHour() % 2 == 0),
      new Kind("0 0 0 * * ?", at -> at.getMinute() == 0 && at.getHour() == 0),
      new Kind(
          "0 30 1,2 * * ?", at -> at.getMinute() == 30 && (at.getHour() == 1 || at.getHour() == 2)),
      new Kind(
          "0 0/20 0,2,3,23 * * ?",
          at -> at.getMinute() % 20 == 0
              && (at.getHour() == 0
                  || at.getHour() == 2
                  || at.getHour() == 3
                  || at.getHour() == 23)));

  @Test
  void next_aroundEveryTransition_equalsTheWalkOverAllMinutes() {
    int transitions = 0;
    for (Map.Entry<ZoneRules, String> zone : distinctZones().entrySet()) {
      for (ZoneOffsetTransition transition : transitionsOf(zone.getKey())) {
        transitions++;
        for (Kind kind : KINDS) {
          check(ZoneId.of(zone.getValue()), transition, kind);
        }
      }
    }
    assertThat(transitions).isGreaterThan(1000);
  }

  private static void check(ZoneId zone, ZoneOffsetTransition transition, Kind kind) {
    CronSchedule auto = Schedule.cron(kind.cron, zone);
    boolean fixed = !kind.cron.substring(0, kind.cron.indexOf("* * ?")).contains("*");
    compare(
        auto,
        fixed ? GapPolicy.RUN_AT_TRANSITION : GapPolicy.SKIP,
        fixed ? FoldPolicy.FIRST : FoldPolicy.BOTH,
        zone,
        transition,
        kind);
    if (transition.isGap()) {
      for (GapPolicy gap : GapPolicy.values()) {
        compare(
            auto.inGap(gap).inFold(FoldPolicy.BOTH), gap, FoldPolicy.BOTH, zone, transition, kind);
      }
    } else {
      for (FoldPolicy fold : FoldPolicy.values()) {
        compare(
            auto.inGap(GapPolicy.SKIP).inFold(fold), GapPolicy.SKIP, fold, zone, transition, kind);
      }
    }
  }

  private static void compare(
      CronSchedule schedule,
      GapPolicy gap,
      FoldPolicy fold,
      ZoneId zone,
      ZoneOffsetTransition transition,
      Kind kind) {
    Instant from = transition.getInstant().minus(AROUND);
    Instant to = transition.getInstant().plus(AROUND);
    List<Instant> found = new ArrayList<>();
    Instant at = from.minusSeconds(1);
    while (true) {
      Slot slot = schedule.next(at).orElseThrow();
      if (!slot.instant().isAfter(at)) {
        throw new AssertionError(zone + " " + kind.cron + ": " + slot + " is not after " + at);
      }
      at = slot.instant();
      if (at.isAfter(to)) {
        break;
      }
      found.add(at);
    }
    assertThat(found)
        .as("%s %s gap=%s fold=%s at %s", zone, kind.cron, gap, fold, transition)
        .isEqualTo(walk(zone.getRules(), from, to, gap, fold, kind.matches));
  }

  private static List<Instant> walk(
      ZoneRules rules,
      Instant from,
      Instant to,
      GapPolicy gap,
      FoldPolicy fold,
      Predicate<LocalDateTime> matches) {
    NavigableSet<Instant> slots = new TreeSet<>();
    for (Instant at = from; !at.isAfter(to); at = at.plusSeconds(60)) {
      LocalDateTime local = LocalDateTime.ofInstant(at, rules.getOffset(at));
      if (matches.test(local)
          && isWanted(rules.getValidOffsets(local), rules.getOffset(at), fold)) {
        slots.add(at);
      }
    }
    for (ZoneOffsetTransition each : transitionsOf(rules, from.minus(AROUND), to)) {
      if (each.isGap() && gap != GapPolicy.SKIP) {
        addMissing(each, gap, matches, slots);
      }
    }
    return new ArrayList<>(slots.subSet(from, true, to, true));
  }

  private static void addMissing(
      ZoneOffsetTransition each,
      GapPolicy gap,
      Predicate<LocalDateTime> matches,
      NavigableSet<Instant> slots) {
    LocalDateTime end = each.getDateTimeAfter();
    for (LocalDateTime at = each.getDateTimeBefore(); at.isBefore(end); at = at.plusMinutes(1)) {
      if (matches.test(at)) {
        slots.add(
            gap == GapPolicy.SHIFT
                ? at.plus(each.getDuration()).toInstant(each.getOffsetAfter())
                : each.getInstant());
      }
    }
  }

  private static boolean isWanted(List<ZoneOffset> offsets, ZoneOffset mine, FoldPolicy fold) {
    return offsets.size() == 1
        || fold == FoldPolicy.BOTH
        || mine.equals(offsets.get(fold == FoldPolicy.FIRST ? 0 : 1));
  }

  /** Zones that share their rules are one. */
  private static Map<ZoneRules, String> distinctZones() {
    Map<ZoneRules, String> zones = new HashMap<>();
    new TreeSet<>(ZoneId.getAvailableZoneIds())
        .forEach(id -> zones.putIfAbsent(ZoneId.of(id).getRules(), id));
    return zones;
  }

  private static List<ZoneOffsetTransition> transitionsOf(ZoneRules rules) {
    return transitionsOf(rules, BEGIN, END);
  }

  private static List<ZoneOffsetTransition> transitionsOf(
      ZoneRules rules, Instant from, Instant to) {
    List<ZoneOffsetTransition> transitions = new ArrayList<>();
    ZoneOffsetTransition next = rules.nextTransition(from);
    while (next != null && next.getInstant().isBefore(to)) {
      transitions.add(next);
      next = rules.nextTransition(next.getInstant());
    }
    return transitions;
  }
}
