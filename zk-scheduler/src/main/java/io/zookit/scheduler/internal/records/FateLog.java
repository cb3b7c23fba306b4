package io.zookit.scheduler.internal.records;

import io.zookit.scheduler.Fate;
import io.zookit.scheduler.SkipReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fates of all slots up to a mark, as runs of equal fates, oldest first.
 *
 * <p>As text an entry is the code of its fate, the first slot in base 36, and if it covers more than one slot the way to
 * the last one and how many: {@code Rmhr7k3c0+1y4.60}. The text is bounded; what is dropped is always the oldest, and
 * {@code since} tells where knowledge begins.
 *
 * @param since fates of slots after this instant are known, in epoch milliseconds
 * @param spans the runs
 */
public record FateLog(long since, List<Span> spans) {

  static final int MOST_CHARACTERS = 11_000;
  private static final int RADIX = Character.MAX_RADIX;

  /** A run of equal fates: {@code count} slots, the first and the last at these instants. */
  public record Span(char code, long from, long to, long count) {

    public Fate fate() {
      if (reason() != null) {
        return Fate.SKIPPED;
      }
      for (Fate fate : Fate.values()) {
        if (codeOf(fate) == code) {
          return fate;
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

  /** The letter of a fate in the text. */
  public static char codeOf(Fate fate) {
    return switch (fate) {
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

  public static FateLog empty(long since) {
    return new FateLog(since, List.of());
  }

  public static FateLog parse(long since, String text) {
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
    return new FateLog(since, List.copyOf(spans));
  }

  /**
   * A copy with the fate of one slot more, which has none yet.
   *
   * @param open instants of slots whose fate is still to come: no run of fates may span one of them
   */
  public FateLog with(long slot, char code, List<Long> open) {
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
    return new FateLog(since, List.copyOf(all)).bounded();
  }

  public FateLog with(long slot, Fate fate, List<Long> open) {
    return with(slot, codeOf(fate), open);
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

  private FateLog bounded() {
    if (spans.size() < 400 || text().length() <= MOST_CHARACTERS) {
      return this;
    }
    List<Span> newest = spans.subList(spans.size() / 4, spans.size());
    return new FateLog(spans.get(spans.size() / 4 - 1).to, List.copyOf(newest));
  }

  String text() {
    StringBuilder text = new StringBuilder();
    for (Span span : spans) {
      text.append(text.length() == 0 ? "" : ",").append(span.text());
    }
    return text.toString();
  }
}
