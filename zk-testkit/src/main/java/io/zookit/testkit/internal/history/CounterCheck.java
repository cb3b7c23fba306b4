package io.zookit.testkit.internal.history;

import io.zookit.core.FencingToken;
import io.zookit.testkit.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The check of a counter that starts at zero, whose increments carry a token and give the new value.
 *
 * <p>The values put the acknowledged increments in the order in which they took effect. In a counter that counts right
 * they are all different, rise with time, and so do the tokens; and the final value lies between the number of
 * acknowledged increments and that of those that may have happened.
 */
public final class CounterCheck {

  private final String counter;
  private final List<HistoryEvent> history;
  private final List<Increment> acknowledged = new ArrayList<>();
  private final Findings findings;
  private long invoked;
  private long failed;

  public CounterCheck(String counter, List<HistoryEvent> all) {
    this.counter = counter;
    history = all.stream().filter(event -> event.name().equals(counter)).toList();
    findings = new Findings(history);
    Map<String, HistoryEvent> pending = new HashMap<>();
    for (HistoryEvent event : history) {
      switch (event.kind()) {
        case INVOKED -> {
          invoked++;
          pending.put(event.client(), event);
        }
        case ACKNOWLEDGED -> {
          HistoryEvent start = pending.remove(event.client());
          if (start == null) {
            throw new IllegalArgumentException(
                "history: an answer to " + event.client() + " (expected: an invocation before it)");
          }
          acknowledged.add(new Increment(start, event));
        }
        case FAILED -> failed++;
        default -> {
          // An unknown outcome is one that is neither acknowledged nor failed.
        }
      }
    }
    acknowledged.sort(Comparator.comparingLong(Increment::value));
  }

  public Verdict verdict(long finalValue) {
    long unknown = invoked - failed - acknowledged.size();
    requireTotals(finalValue, unknown);
    requireOrder();
    return findings.verdict("fenced counter " + counter, invoked, unknown);
  }

  private void requireTotals(long finalValue, long unknown) {
    long least = acknowledged.size();
    if (finalValue < least) {
      findings.add(
          "lost: the counter is " + finalValue + " after " + least + " acknowledged increments");
    }
    if (finalValue > least + unknown) {
      findings.add("duplicate: the counter is " + finalValue + " after " + least
          + " acknowledged and " + unknown + " unknown increments");
    }
    for (Increment each : acknowledged) {
      if (each.value() > finalValue) {
        findings.add(
            "lost: the counter was " + each.value() + " and is " + finalValue, each.acknowledged);
      }
    }
  }

  private void requireOrder() {
    Increment before = null;
    Increment latest = null;
    for (Increment each : acknowledged) {
      if (before != null && before.value() == each.value()) {
        findings.add(
            "lost: two increments gave " + each.value(), before.acknowledged, each.acknowledged);
      }
      if (before != null && before.token().isAfter(each.token())) {
        findings.add(
            "backward: token " + each.token() + " was accepted after " + before.token(),
            before.acknowledged,
            each.acknowledged);
      }
      if (latest != null
          && latest.value() < each.value()
          && each.acknowledged.nanos() < latest.invoked.nanos()) {
        findings.add(
            "lost: the counter was " + each.value() + " before an increment that gave "
                + latest.value(),
            each.acknowledged,
            latest.invoked,
            latest.acknowledged);
      }
      if (latest == null || each.invoked.nanos() > latest.invoked.nanos()) {
        latest = each;
      }
      before = each;
    }
  }

  private record Increment(HistoryEvent invoked, HistoryEvent acknowledged) {

    long value() {
      return acknowledged.value().orElseThrow();
    }

    FencingToken token() {
      return acknowledged.token().orElseThrow();
    }
  }
}
