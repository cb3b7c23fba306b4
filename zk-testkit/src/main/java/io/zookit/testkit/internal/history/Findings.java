package io.zookit.testkit.internal.history;

import io.zookit.testkit.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects violations, each with what was going on around it. */
public final class Findings {

  private static final int SHOWN = 20;

  /** Events shown before and after those concerned. */
  private static final int CONTEXT = 3;

  /** Events shown of a violation that stretches over very many. */
  private static final int LONGEST = 30;

  private final List<HistoryEvent> history;
  private final List<String> violations = new ArrayList<>();
  private long count;

  /** Findings in the events of one lock or counter, in order. */
  public Findings(List<HistoryEvent> history) {
    this.history = history;
  }

  /** A violation and the events it concerns. */
  public void add(String what, HistoryEvent... concerned) {
    count++;
    if (violations.size() < SHOWN) {
      violations.add(what + excerpt(Arrays.asList(concerned)));
    }
  }

  public Verdict verdict(String property, long trials, long unknowns) {
    return new Verdict(property, trials, unknowns, count, violations);
  }

  /** The events concerned, marked, and their neighbours; a long stretch between them is left out. */
  private String excerpt(List<HistoryEvent> concerned) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < history.size(); i++) {
      if (contains(concerned, history.get(i))) {
        places.add(i);
      }
    }
    StringBuilder text = new StringBuilder();
    int last = -1;
    int shown = 0;
    for (int i = 0; i < history.size() && shown < LONGEST; i++) {
      if (isNear(i, places)) {
        text.append(last >= 0 && i > last + 1 ? "\n    ..." : "");
        text.append(places.contains(i) ? "\n  > " : "\n    ");
        text.append(history.get(i).since(history.get(0).nanos()));
        last = i;
        shown++;
      }
    }
    return text.toString();
  }

  private static boolean isNear(int index, List<Integer> places) {
    return places.stream().anyMatch(place -> Math.abs(place - index) <= CONTEXT);
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean contains(List<HistoryEvent> concerned, HistoryEvent event) {
    return concerned.stream().anyMatch(each -> each == event);
  }
}
