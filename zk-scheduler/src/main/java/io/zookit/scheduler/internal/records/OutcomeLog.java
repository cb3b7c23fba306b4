package io.zookit.scheduler.internal.records;

import io.zookit.scheduler.SkipReason;
import io.zookit.scheduler.SlotOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of all slots up to a watermark, as runs of equal outcomes, oldest first.
 *
 * <p>As text an entry is the code of its outcome, the first slot in base 36, and if it covers more than one slot the way to
 * the last one and how many: {@code Rmhr7k3c0+1y4.60}. The text is bounded; what is dropped is always the oldest, and
 * {@code since} tells where knowledge begins.
 *
 * @param since outcomes of slots after this instant are known, in epoch milliseconds
 * @param spans the runs
 */
public record OutcomeLog(long since, List<Span> spans) {

  static final int MOST_CHARACTERS = 11_000;
  private static final int RADIX = Character.MAX_RADIX;

  /** A run of equal outcomes: {@code count} slots, the first and the last at these instants. */
  public record Span(char code, long from, long to, long count) {

    public SlotOutcome outcome() {
      if (reason() != null) {
        return SlotOutcome.SKIPPED;
      }
      for (SlotOutcome outcome : SlotOutcome.values()) {
        if (codeOf(outcome) == code) {
          return outcome;
        }
      }
      throw new IllegalArgumentException("fate: '" + code + "' (expected: a known code)");
    }

    @Nullable
    public SkipReason reason() {
      for (SkipReason reason : SkipReason.values()) {
        if (codeOf(reason) == code) {
          return reason;
        }
      }
      return null;
    }

    public Instant first() {
      return Instant.ofEpochMilli(from);
    }

    Instant last() {
      return Instant.ofEpochMilli(to);
    }

    private String text() {
      String text = code + Long.toString(from, RADIX);
      return count == 1
          ? text
          : text + "+" + Long.toString(to - from, RADIX) + "." + Long.toString(count, RADIX);
    }
  }

  /** The letter of an outcome in the text. */
  public static char codeOf(SlotOutcome outcome) {
    return switch (outcome) {
      case RAN -> 'R';
      case FAILED -> 'F';
      case TIMED_OUT -> 'T';
      case SKIPPED -> 'S';
      case MISSED -> 'M';
      case ORPHANED -> 'O';
    };
  }

  /** The letter of a skipped slot in the text. */
  public static char codeOf(SkipReason reason) {
    return switch (reason) {
      case OVERLAP -> 'o';
      case PAUSED -> 'p';
      case POLICY -> 'c';
      case NO_CAPABLE_NODE -> 'n';
    };
  }

  public static OutcomeLog empty(long since) {
    return new OutcomeLog(since, List.of());
  }

  public static OutcomeLog parse(long since, String text) {
    List<Span> spans = new ArrayList<>();
    for (String entry : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int plus = entry.indexOf('+');
      int dot = entry.indexOf('.');
      if (entry.length() < 2 || (plus < 0) != (dot < 0) || dot < plus) {
        throw new IllegalArgumentException("fates: \"" + entry + "\" (expected: an entry)");
      }
      long from = Long.parseLong(entry.substring(1, plus < 0 ? entry.length() : plus), RADIX);
      long to = plus < 0 ? from : from + Long.parseLong(entry.substring(plus + 1, dot), RADIX);
      long count = plus < 0 ? 1 : Long.parseLong(entry.substring(dot + 1), RADIX);
      spans.add(new Span(entry.charAt(0), from, to, count));
    }
    return new OutcomeLog(since, List.copyOf(spans));
  }

  /**
   * A copy with the outcome of one slot more, which has none yet.
   *
   * @param open instants of slots whose outcome is still to come: no run of outcomes may span one of them
   */
  public OutcomeLog with(long slot, char code, List<Long> open) {
    List<Span> all = new ArrayList<>(spans);
    int place = all.size();
    while (place > 0 && all.get(place - 1).from > slot) {
      place--;
    }
    all.add(place, new Span(code, slot, slot, 1));
    merge(all, place, open);
    if (place > 0) {
      merge(all, place - 1, open);
    }
    return new OutcomeLog(since, List.copyOf(all)).bounded();
  }

  public OutcomeLog with(long slot, SlotOutcome outcome, List<Long> open) {
    return with(slot, codeOf(outcome), open);
  }

  private static void merge(List<Span> all, int place, List<Long> open) {
    if (place + 1 >= all.size()) {
      return;
    }
    Span left = all.get(place);
    Span right = all.get(place + 1);
    boolean apart = open.stream().anyMatch(slot -> slot > left.to && slot < right.from);
    if (left.code == right.code && !apart) {
      all.set(place, new Span(left.code, left.from, right.to, left.count + right.count));
      all.remove(place + 1);
    }
  }

  private OutcomeLog bounded() {
    if (spans.size() < 400 || text().length() <= MOST_CHARACTERS) {
      return this;
    }
    List<Span> newest = spans.subList(spans.size() / 4, spans.size());
    return new OutcomeLog(spans.get(spans.size() / 4 - 1).to, List.copyOf(newest));
  }

  String text() {
    StringBuilder text = new StringBuilder();
    for (Span span : spans) {
      text.append(text.length() == 0 ? "" : ",").append(span.text());
    }
    return text.toString();
  }
}
