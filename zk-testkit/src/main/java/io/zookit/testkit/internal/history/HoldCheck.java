package io.zookit.testkit.internal.history;

import io.zookit.core.FencingToken;
import io.zookit.testkit.Verdict;
import io.zookit.testkit.internal.history.HistoryEvent.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks the holds of a lock: their times, and their tokens. */
public final class HoldCheck {

  private HoldCheck() {}

  public static Verdict mutualExclusion(String lock, List<HistoryEvent> all) {
    List<HistoryEvent> history = of(lock, all);
    List<Hold> holds = holds(history);
    Findings findings = new Findings(history);
    Hold longest = null;
    for (Hold hold : holds) {
      if (hold.isEmpty()) {
        continue;
      }
      if (longest != null && hold.granted.nanos() < longest.end()) {
        findings.add(
            "held by " + longest.granted.client() + " and by " + hold.granted.client() + " at once",
            longest.granted,
            hold.granted,
            longest.ended.orElse(hold.granted));
      }
      if (longest == null || hold.end() > longest.end()) {
        longest = hold;
      }
    }
    long open = holds.stream().filter(hold -> hold.ended.isEmpty()).count();
    return findings.verdict("mutual exclusion of " + lock, holds.size(), open);
  }

  public static Verdict tokenOrder(String lock, List<HistoryEvent> all) {
    List<HistoryEvent> history = of(lock, all);
    List<Hold> received = holds(history);
    List<Hold> asked = new ArrayList<>(received);
    asked.sort(Comparator.comparingLong(hold -> hold.asked.nanos()));
    Findings findings = new Findings(history);
    Set<FencingToken> seen = new HashSet<>();
    Hold greatest = null;
    int before = 0;
    for (Hold hold : asked) {
      while (before < received.size() && received.get(before).isReceivedBefore(hold)) {
        greatest = greater(greatest, received.get(before));
        before++;
      }
      if (!seen.add(hold.token())) {
        findings.add("token " + hold.token() + " was granted twice", hold.granted);
      } else if (greatest != null && !hold.token().isAfter(greatest.token())) {
        findings.add(
            "token " + hold.token() + " was granted after " + greatest.token(),
            greatest.granted,
            hold.asked,
            hold.granted);
      }
    }
    return findings.verdict("token order of " + lock, received.size(), 0);
  }

  private static Hold greater(@Nullable Hold one, Hold other) {
    return one == null || other.token().isAfter(one.token()) ? other : one;
  }

  /** The events of a lock, and the ends of clients. */
  private static List<HistoryEvent> of(String lock, List<HistoryEvent> all) {
    return all.stream()
        .filter(event -> event.name().equals(lock) || event.kind() == Kind.ENDED)
        .toList();
  }

  /** The holds in the order of their grants. */
  private static List<Hold> holds(List<HistoryEvent> history) {
    Ends ends = new Ends(history);
    List<Hold> holds = new ArrayList<>();
    Map<String, HistoryEvent> asking = new HashMap<>();
    for (HistoryEvent event : history) {
      if (event.kind() == Kind.INVOKED) {
        asking.put(event.client(), event);
      } else if (event.kind() == Kind.GRANTED) {
        HistoryEvent asked = asking.remove(event.client());
        holds.add(new Hold(asked == null ? event : asked, event, ends.of(event)));
      }
    }
    return holds;
  }

  /** The event that ends a grant; a loss may be noticed after the grant was received, and have happened before. */
  private static final class Ends {

    private final Map<List<Object>, HistoryEvent> first = new HashMap<>();
    private final Map<String, NavigableMap<Long, HistoryEvent>> clients = new HashMap<>();

    Ends(List<HistoryEvent> history) {
      for (HistoryEvent event : history) {
        if (event.kind() == Kind.RELEASING || event.kind() == Kind.LOST) {
          first.putIfAbsent(List.of(event.client(), event.token()), event);
        } else if (event.kind() == Kind.ENDED) {
          clients
              .computeIfAbsent(event.client(), client -> new TreeMap<>())
              .putIfAbsent(event.nanos(), event);
        }
      }
    }

    Optional<HistoryEvent> of(HistoryEvent granted) {
      HistoryEvent own = first.get(List.of(granted.client(), granted.token()));
      Map.Entry<Long, HistoryEvent> gone =
          clients.getOrDefault(granted.client(), new TreeMap<>()).ceilingEntry(granted.nanos());
      return Stream.concat(Stream.ofNullable(own), Stream.ofNullable(gone).map(Map.Entry::getValue))
          .min(Comparator.comparingLong(HistoryEvent::nanos));
    }
  }

  /** One time that one client held the lock. */
  private record Hold(HistoryEvent asked, HistoryEvent granted, Optional<HistoryEvent> ended) {

    long end() {
      return ended.map(HistoryEvent::nanos).orElse(Long.MAX_VALUE);
    }

    /** Lost before it was received. */
    boolean isEmpty() {
      return end() <= granted.nanos();
    }

    FencingToken token() {
      return granted.token().orElseThrow();
    }

    /** Compares with the request of another hold; if its time is unknown, the order of the grants decides. */
    boolean isReceivedBefore(Hold other) {
      return granted.nanos() < other.asked.nanos();
    }
  }
}
