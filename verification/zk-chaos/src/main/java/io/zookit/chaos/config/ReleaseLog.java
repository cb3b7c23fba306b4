package io.zookit.chaos.config;

import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.EventLog;
import io.zookit.core.Timekeeper;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Results that publishers received and snapshots that readers saw, with the violations found in them: a torn
 * snapshot, a reader that goes back, an acknowledged release that is missing, a gap. Thread-safe.
 */
final class ReleaseLog {

  /** A snapshot of a reader. */
  private record Seen(long revision, int release) {}

  private final EventLog transcript = new EventLog();
  private final Map<String, Seen> newest = new HashMap<>();
  private final Map<Integer, String> values = new TreeMap<>();
  private final NavigableMap<Long, Integer> acked = new TreeMap<>();
  private final Map<String, Integer> ackedValues = new TreeMap<>();
  private final Map<String, String> unknown = new TreeMap<>();
  private final TreeSet<String> refused = new TreeSet<>();

  /** A line of a publisher or of a reader. */
  synchronized void onLine(String life, String line) {
    String kind = line.substring(0, line.indexOf(' ') + 1);
    String[] words = line.substring(kind.length()).split(" ", -1);
    switch (kind) {
      case ConfigPublisher.ACKED -> {
        acked.put(Timekeeper.system().nanos(), Integer.valueOf(words[1]));
        ackedValues.put(words[0], Integer.valueOf(words[1]));
      }
      case ConfigPublisher.UNKNOWN -> unknown.put(words[0], words[1]);
      case ConfigPublisher.REFUSED -> refused.add(words[0]);
      case ConfigReader.SAW, ConfigReader.TORN -> {
        transcript.add(kind, life, line);
        saw(kind, life, words);
        return;
      }
      case ConfigReader.CONTROL_TORN, ConfigReader.CONTROL_WHOLE -> {}
      default -> {
        return;
      }
    }
    transcript.add(kind, life, line);
  }

  private void saw(String kind, String life, String... words) {
    Seen now = new Seen(Long.parseLong(words[0]), Integer.parseInt(words[1]));
    if (kind.equals(ConfigReader.TORN)) {
      transcript.find("torn: " + life + " saw several values at once");
    } else {
      String value = values.putIfAbsent(now.release, words[2]);
      if (value != null && !value.equals(words[2])) {
        transcript.find("torn: release " + now.release + " was " + value + " for others");
      }
    }
    Seen before = newest.put(ChildArguments.memberOf(life), now);
    if (before != null && (now.revision < before.revision || now.release < before.release)) {
      transcript.find("back: " + life + " had seen release " + before.release);
    }
  }

  /**
   * Returns whether as many readers as given all have a release that was acknowledged since a moment, or a later one.
   */
  synchronized boolean readSince(long nanos, int readers) {
    Map.Entry<Long, Integer> first = acked.higherEntry(nanos);
    return first != null && allHave(first.getValue(), readers);
  }

  /** Returns whether as many readers as given all have a release or a later one. */
  synchronized boolean allHave(int release, int readers) {
    return newest.size() == readers
        && newest.values().stream().allMatch(each -> each.release >= release);
  }

  /** Compares with what is stored: the value of each release, by its number. */
  synchronized void compare(NavigableMap<Integer, String> stored) {
    int last = stored.isEmpty() ? 0 : stored.lastKey();
    for (int release = 1; release <= last; release++) {
      if (!stored.containsKey(release)) {
        transcript.find("gap: release " + release + " of " + last + " is not there");
      }
    }
    ackedValues.forEach((value, release) -> {
      if (!value.equals(stored.get(release))) {
        transcript.find("lost: " + value + " was acknowledged as release " + release
            + ", which has " + stored.getOrDefault(release, "nothing"));
      }
    });
    List<String> all = new ArrayList<>(stored.values());
    if (new TreeSet<>(all).size() < all.size()) {
      transcript.find("twice: a value has several releases");
    }
    refused.stream()
        .filter(all::contains)
        .forEach(value -> transcript.find("refused: " + value + " was published all the same"));
    values.forEach((release, value) -> {
      if (!value.equals(stored.get(release))) {
        transcript.find("torn: readers saw " + value + " as release " + release);
      }
    });
  }

  /**
   * Checks the publishes with an unknown outcome: each is stored at most once, and its publisher can find out which.
   *
   * @param stored the ids of all releases
   * @param found the ids of those whose outcome a query returned
   */
  synchronized void compareUnknown(List<String> stored, Collection<String> found) {
    unknown.forEach((value, id) -> {
      int times = Collections.frequency(stored, id);
      if (times > 1 || found.contains(id) != (times == 1)) {
        transcript.find("unknown: " + value + " is stored " + times + " times and was "
            + (found.contains(id) ? "" : "not ") + "found");
      }
    });
  }

  /** Returns the publishes with an unknown outcome: the value, and the id of the publish. */
  synchronized Map<String, String> unknown() {
    return Map.copyOf(unknown);
  }

  EventLog transcript() {
    return transcript;
  }
}
