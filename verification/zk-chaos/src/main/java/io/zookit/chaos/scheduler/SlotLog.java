package io.zookit.chaos.scheduler;

import io.zookit.chaos.experiment.EventLog;
import io.zookit.core.FencingToken;
import java.time.Duration;
import java.time.Instant;
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

/**
 * Reports of the nodes of a job, and the violations found in them: a slot that was begun twice, a claim with two
 * ends, a slot whose fate in the ledger is not its actual one. Thread-safe.
 */
final class SlotLog {

  /** The fates of slots that were claimed. */
  private static final Set<String> CLAIMED = Set.of("RAN", "FAILED", "TIMED_OUT", "ORPHANED");

  /** The fates of others; they come with their reason. */
  private static final Set<String> SKIPPED = Set.of("SKIPPED(OVERLAP)", "SKIPPED(PAUSED)");

  /** Run as its code reported it. */
  private record Begun(Instant slot, FencingToken token) {}

  private final EventLog transcript = new EventLog();
  private final Map<Instant, Begun> begun = new HashMap<>();
  private final Set<Instant> refused = new HashSet<>();
  private final Map<String, Instant> ends = new HashMap<>();
  private final Map<Instant, String> told = new HashMap<>();
  private final Map<String, Duration> clocks = new HashMap<>();
  private final Map<String, Long> control = new HashMap<>();
  private String runner = "";
  private String leader = "";

  /** A line of a node. */
  synchronized void onLine(String life, String line) {
    String kind = line.substring(0, line.indexOf(' ') + 1);
    String[] words = line.substring(kind.length()).split(" ", -1);
    switch (kind) {
      case SlotRunner.BEGUN -> {
        transcript.add(kind, life, line);
        begin(life, new Begun(Instant.parse(words[0]), FencingToken.parse(words[1])));
      }
      case SlotRunner.REFUSED -> {
        transcript.add(kind, life, line);
        refused.add(Instant.parse(words[0]));
      }
      case SlotRunner.ENDED -> {
        transcript.add(kind, life, line);
        end(words[0], Instant.parse(words[1]), words[2]);
      }
      case SlotRunner.CONTROL -> {
        leader = life;
        control.merge(words[0], 1L, Long::sum);
      }
      case SlotRunner.CLOCK -> clocks.put(life, Duration.parse(words[0]));
      case SlotRunner.WRITTEN -> transcript.add(kind, life, line);
      default -> {}
    }
  }

  private void begin(String life, Begun run) {
    runner = life;
    if (begun.putIfAbsent(run.slot, run) != null) {
      transcript.find("twice: " + run.slot + " was begun by " + life + " after another");
    }
  }

  private void end(String claim, Instant slot, String fate) {
    if (ends.putIfAbsent(claim, slot) != null) {
      transcript.find("ended twice: claim " + claim + " of " + slot);
    }
    String other = told.putIfAbsent(slot, fate);
    if (other != null) {
      transcript.find("two ends: " + slot + " is " + other + " and " + fate);
    }
  }

  /**
   * Compares with the ledger: the fate of each slot it has, in order.
   *
   * @param fates {@code RAN}, {@code SKIPPED(OVERLAP)}, …, or whatever else stands for a slot, which is then wrong
   */
  synchronized void compare(NavigableMap<Instant, String> fates) {
    begun.keySet().stream()
        .filter(slot -> !fates.containsKey(slot))
        .forEach(slot -> transcript.find("without a fate: " + slot + " was begun"));
    fates.forEach((slot, fate) -> {
      if (!CLAIMED.contains(fate) && !SKIPPED.contains(fate)) {
        transcript.find("without a fate: " + slot + " is " + fate);
      } else if (begun.containsKey(slot) != CLAIMED.contains(fate) && !isBarelyClaimed(fate)) {
        String what = begun.containsKey(slot) ? " was begun" : " was begun by nobody";
        transcript.find("wrong fate: " + slot + what + " and is " + fate);
      }
      if (fate.equals("RAN") && refused.contains(slot)) {
        transcript.find("wrong fate: " + slot + " was refused at its store and is RAN");
      }
    });
    told.forEach((slot, fate) -> {
      if (!fate.equals(fates.get(slot))) {
        transcript.find("wrong fate: " + slot + " was told to be " + fate + " and is "
            + fates.getOrDefault(slot, "nothing"));
      }
    });
    compareTokens();
  }

  /**
   * Returns whether a claimed slot may lack a beginning: its process may have died between the claim and the first
   * line of its code.
   */
  private static boolean isBarelyClaimed(String fate) {
    return fate.equals("ORPHANED");
  }

  private void compareTokens() {
    List<Begun> runs = new ArrayList<>(begun.values());
    runs.sort(Comparator.comparing(Begun::token));
    for (int i = 1; i < runs.size(); i++) {
      if (runs.get(i).slot.isBefore(runs.get(i - 1).slot)) {
        transcript.find(
            "backward: " + runs.get(i).slot + " has a greater token than " + runs.get(i - 1).slot);
      }
    }
  }

  /** Returns the number of slots with each fate. */
  static Map<String, Long> counted(NavigableMap<Instant, String> fates) {
    Map<String, Long> counts = new TreeMap<>();
    fates.values().forEach(fate -> counts.merge(fate, 1L, Long::sum));
    return counts;
  }

  /** The life that has begun the newest run; empty when none has. */
  synchronized String runner() {
    return runner;
  }

  /** The life that the control last ran in. */
  synchronized String leader() {
    return leader;
  }

  /** Returns how far the clock of a life is ahead, as that life reported it. */
  synchronized Optional<Duration> clock(String life) {
    return Optional.ofNullable(clocks.get(life));
  }

  /** Returns the number of slots that the control has run more than once. */
  synchronized long controlTwice() {
    return control.values().stream().filter(times -> times > 1).count();
  }

  EventLog transcript() {
    return transcript;
  }
}
