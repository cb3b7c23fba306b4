package io.zookit.chaos.id;

import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.EventLog;
import io.zookit.chaos.experiment.LifeSigns;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** All ids that the processes of an experiment printed, and what is wrong with them. Thread-safe. */
final class IdLog {

  private final EventLog transcript = new EventLog();
  private final LifeSigns snowflakes = new LifeSigns();
  private final LifeSigns sequences = new LifeSigns();
  private final Map<IdKind, IdRuns> runs = new EnumMap<>(IdKind.class);
  private final Map<String, Long> newest = new HashMap<>();
  private final Map<String, Long> controlCounts = new HashMap<>();
  private long controlRepeated;
  private long controlCountedTwice;

  IdLog() {
    for (IdKind kind : IdKind.values()) {
      runs.put(kind, new IdRuns());
    }
  }

  EventLog transcript() {
    return transcript;
  }

  synchronized void onLine(String life, String line) {
    String word = line.split(" ", 2)[0];
    transcript.add(word, life, line.length() < 200 ? line : line.substring(0, 200));
    if (line.startsWith(IdWorker.CONTROL_COUNTED)) {
      onControlCounted(life, Long.parseLong(line.substring(IdWorker.CONTROL_COUNTED.length())));
    }
    IdKind.named(word).ifPresent(kind -> onIds(kind, life, line.substring(word.length() + 1)));
  }

  /** The control of a process counts alone: what is more than one after the result before was counted twice. */
  private void onControlCounted(String life, long result) {
    Long before = controlCounts.put(life, result);
    if (before != null) {
      controlCountedTwice += result - before - 1;
    }
  }

  private void onIds(IdKind kind, String life, String text) {
    long repeated = runs(kind).add(text);
    if (kind == IdKind.CONTROL) {
      controlRepeated += repeated;
      return;
    }
    if (repeated > 0) {
      transcript.find(repeated + " ids of kind " + kind + " twice, the second time by " + life);
    }
    long[] bounds = IdRuns.bounds(text);
    Long before = newest.put(kind + " " + life, bounds[1]);
    if (before != null && bounds[0] <= before) {
      transcript.find(life + " has " + kind + " " + bounds[0] + " after " + before);
    }
    if (kind == IdKind.SNOWFLAKE) {
      snowflakes.onSignOfLife(ChildArguments.memberOf(life));
    } else if (kind == IdKind.SEQUENCE) {
      sequences.onSignOfLife(ChildArguments.memberOf(life));
    }
  }

  private IdRuns runs(IdKind kind) {
    return runs.getOrDefault(kind, new IdRuns());
  }

  /** Returns whether each process has received ids of both kinds since a moment of the monotonic clock. */
  boolean workedSince(long nanos, Collection<String> members) {
    return snowflakes.silentSince(nanos, members).isEmpty()
        && sequences.silentSince(nanos, members).isEmpty();
  }

  synchronized long count(IdKind kind) {
    return runs(kind).count();
  }

  /** The number of ids that the control handed out twice. */
  synchronized long controlRepeated() {
    return controlRepeated;
  }

  /** The number of increments that the control counted twice and reported as one. */
  synchronized long controlCountedTwice() {
    return controlCountedTwice;
  }
}
