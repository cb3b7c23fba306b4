package io.zookit.scheduler.time;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * One tick of a schedule: the durable identity of what is run at most once.
 *
 * <p>The instant says when it is due. Label and fold say what the schedule calls it, and stay the same on a node whose
 * time zone data differ: the label is the local time as written in the schedule, the fold tells the second of two equal
 * local times from the first.
 *
 * @param instant when it is due
 * @param label the local time in the schedule's zone; in a gap the time that does not exist
 * @param fold 0, or 1 for the second pass through an hour that the clocks repeat
 */
public record Slot(Instant instant, LocalDateTime label, int fold) implements Comparable<Slot> {

  /** Creates a slot. */
  public Slot {
    if (fold != 0 && fold != 1) {
      throw new IllegalArgumentException("fold: " + fold + " (expected: 0 or 1)");
    }
  }

  /** A slot of a schedule without a zone: its label is the time in UTC. */
  public static Slot at(Instant instant) {
    return new Slot(instant, LocalDateTime.ofInstant(instant, ZoneOffset.UTC), 0);
  }

  /**
   * Returns whether both slots have the same label and fold, whatever instants two versions of the time zone data give
   * them.
   */
  public boolean hasSameLabel(Slot other) {
    return label.equals(other.label) && fold == other.fold;
  }

  @Override
  public int compareTo(Slot other) {
    return instant.compareTo(other.instant);
  }

  /** Label, fold and instant, such as {@code 2026-11-01T01:30#0@2026-11-01T05:30:00Z}. */
  @Override
  public String toString() {
    return label + "#" + fold + "@" + instant;
  }
}
