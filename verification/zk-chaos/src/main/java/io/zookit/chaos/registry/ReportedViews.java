package io.zookit.chaos.registry;

import io.zookit.chaos.experiment.EventLog;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Views that the observers of a service and their controls report. Thread-safe. */
final class ReportedViews {

  private final EventLog transcript = new EventLog();
  private final Map<String, String> views = new ConcurrentHashMap<>();
  private final Map<String, String> controls = new ConcurrentHashMap<>();

  /** A line of an observer. */
  void onLine(String life, String line) {
    if (line.startsWith(RegistryConsumer.SEES)) {
      transcript.add(RegistryConsumer.SEES, life, line);
      views.put(life, line.substring(RegistryConsumer.SEES.length()));
    } else if (line.startsWith(RegistryConsumer.CONTROL)) {
      controls.put(life, line.substring(RegistryConsumer.CONTROL.length()));
    } else if (line.startsWith(RegistryConsumer.WRONG)) {
      transcript.add(RegistryConsumer.WRONG, life, line);
      transcript.find("empty, or an id twice: " + life);
    }
  }

  /** The lives that do not see exactly this. */
  List<String> differing(Collection<String> lives, Map<String, Integer> wanted) {
    String words = RegistryConsumer.words(wanted);
    return lives.stream().filter(life -> !words.equals(views.get(life))).toList();
  }

  /** Notes for each life that is wrong what it has too much and too little. */
  void blame(Collection<String> lives, Map<String, Integer> wanted, Set<String> tree) {
    for (String life : differing(lives, wanted)) {
      Set<String> seen = new TreeSet<>(List.of(views.getOrDefault(life, "").split(" ", -1)));
      Set<String> all =
          new TreeSet<>(List.of(RegistryConsumer.words(new TreeMap<>(wanted)).split(" ", -1)));
      Set<String> ghosts = new TreeSet<>(seen);
      ghosts.removeAll(all);
      all.removeAll(seen);
      transcript.find(life + " has too much: " + ghosts + ", too little: " + all + "; the tree has "
          + tree.size() + " ids");
    }
  }

  /** Returns the number of controls that do not have exactly these ids. */
  long staleControls(Collection<String> lives, Set<String> ids) {
    String words = String.join(" ", new TreeSet<>(ids));
    return lives.stream().filter(life -> !words.equals(controls.get(life))).count();
  }

  EventLog transcript() {
    return transcript;
  }
}
