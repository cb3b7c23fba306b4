package io.zookit.scheduler.time;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lays a grid of local times over the instants of a zone.
 *
 * <p>The time line of a zone is cut into stretches of one offset each; within a stretch local times and instants are in
 * the same order, one to one. A stretch that begins with a gap also holds what the gap policy makes of the missing
 * times, and the fold policy takes away one or none of the two copies of a repeated time.
 */
record ZoneWalk(CronFields grid, ZoneRules rules, GapPolicy gap, FoldPolicy fold) {

  /** More than any zone has until the last year. */
  private static final int MOST_STRETCHES = 3000;

  /** A stretch from one transition to the next; none at the ends of time. */
  private record Stretch(
      @Nullable ZoneOffsetTransition begin,
      ZoneOffset offset,
      @Nullable ZoneOffsetTransition end) {

    boolean contains(Instant instant) {
      return end == null || instant.isBefore(end.getInstant());
    }
  }

  /** The first slot that is not before an instant of whole seconds. */
  Optional<Slot> nextOrSame(Instant first) {
    Instant from = first;
    ZoneOffsetTransition begin = rules.previousTransition(first.plusSeconds(1));
    for (int i = 0; i < MOST_STRETCHES; i++) {
      Stretch stretch = new Stretch(begin, rules.getOffset(from), rules.nextTransition(from));
      Slot slot = earlier(inGap(stretch, from), regular(stretch, from));
      if (slot != null) {
        return Optional.of(slot);
      }
      if (stretch.end == null || !stretch.end.getInstant().isBefore(Periods.END)) {
        return Optional.empty();
      }
      begin = stretch.end;
      from = begin.getInstant();
    }
    return Optional.empty();
  }

  private @Nullable Slot regular(Stretch stretch, Instant from) {
    LocalDateTime least = LocalDateTime.ofInstant(from, stretch.offset);
    ZoneOffsetTransition begin = stretch.begin;
    LocalDateTime repeatedUntil =
        begin != null && begin.isOverlap() ? begin.getDateTimeBefore() : LocalDateTime.MIN;
    if (fold == FoldPolicy.FIRST && least.isBefore(repeatedUntil)) {
      least = repeatedUntil;
    }
    Optional<LocalDateTime> found = grid.nextOrSame(least);
    if (found.isEmpty()) {
      return null;
    }
    LocalDateTime label = found.get();
    Instant instant = label.toInstant(stretch.offset);
    if (!stretch.contains(instant) || (fold == FoldPolicy.LAST && comesAgain(stretch, label))) {
      return null;
    }
    return new Slot(instant, label, label.isBefore(repeatedUntil) ? 1 : 0);
  }

  private static boolean comesAgain(Stretch stretch, LocalDateTime label) {
    ZoneOffsetTransition end = stretch.end;
    return end != null && end.isOverlap() && !label.isBefore(end.getDateTimeAfter());
  }

  private @Nullable Slot inGap(Stretch stretch, Instant from) {
    ZoneOffsetTransition begin = stretch.begin;
    if (begin == null || !begin.isGap() || gap == GapPolicy.SKIP) {
      return null;
    }
    LocalDateTime least = begin.getDateTimeBefore();
    if (gap == GapPolicy.SHIFT) {
      LocalDateTime asBefore = LocalDateTime.ofInstant(from, begin.getOffsetBefore());
      least = asBefore.isAfter(least) ? asBefore : least;
    } else if (from.isAfter(begin.getInstant())) {
      return null;
    }
    Optional<LocalDateTime> found =
        grid.nextOrSame(least).filter(label -> label.isBefore(begin.getDateTimeAfter()));
    if (found.isEmpty()) {
      return null;
    }
    Instant instant = gap == GapPolicy.SHIFT
        ? found.get().toInstant(begin.getOffsetBefore())
        : begin.getInstant();
    return new Slot(instant, found.get(), 0);
  }

  /** The earlier of two; of two at one instant the regular one, which has a local time that exists. */
  private static @Nullable Slot earlier(@Nullable Slot gap, @Nullable Slot regular) {
    if (gap == null || regular == null) {
      return gap == null ? regular : gap;
    }
    return gap.instant().isBefore(regular.instant()) ? gap : regular;
  }
}
