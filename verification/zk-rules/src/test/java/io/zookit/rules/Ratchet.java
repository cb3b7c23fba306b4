package io.zookit.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The number of known findings of a rule at each place, kept in a text file of one sorted line a place, {@code PLACE =
 * NUMBER}. A number may only fall.
 *
 * <p>The file is written by the build, never merged line by line: {@code -Dzookit.ratchets=lower} lowers the numbers that
 * fell, {@code -Dzookit.ratchets=rewrite} replaces the file, for example after a merge conflict in it or when a place got
 * another name. Neither changes the file of a rule that needs no change.
 */
final class Ratchet {

  private static final String SEPARATOR = " = ";
  private static final int MOST_SHOWN = 40;

  private final Rule rule;
  private final Path file;

  /**
   * The ratchet of a rule.
   *
   * @param folder holds a file a rule
   */
  Ratchet(Rule rule, Path folder) {
    this.rule = rule;
    this.file = folder.resolve(rule.name() + ".txt");
  }

  /** Treatment of a file that differs from the findings. */
  enum Mode {
    /** The difference is an error. */
    CHECK,
    /** Numbers that fell are written; what rose is an error. */
    LOWER,
    /** The findings are written. */
    REWRITE;

    /** The mode that the system property {@code zookit.ratchets} asks for. */
    static Mode ofBuild() {
      String value = System.getProperty("zookit.ratchets", "check");
      try {
        return valueOf(value.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "zookit.ratchets: " + value + " (expected: check, lower or rewrite)", e);
      }
    }
  }

  /** Compares findings with the file, and brings the file up to date as far as the mode says. */
  List<String> complaints(Collection<Finding> findings, Mode mode) {
    SortedMap<String, Set<Finding>> found = findings.stream()
        .collect(Collectors.groupingBy(
            Finding::where, TreeMap::new, Collectors.toCollection(TreeSet::new)));
    SortedMap<String, Integer> counts = new TreeMap<>();
    found.forEach((place, there) -> counts.put(place, there.size()));
    if (mode == Mode.REWRITE) {
      write(counts);
      return List.of();
    }
    SortedMap<String, Integer> known = read();
    List<String> complaints = new ArrayList<>();
    found.forEach((place, there) -> {
      int before = known.getOrDefault(place, 0);
      if (there.size() > before) {
        complaints.add(rose(place, before, there));
      }
    });
    if (mode == Mode.LOWER) {
      write(lowest(known, counts));
    } else if (rule.kind() == Rule.Kind.RATCHET) {
      known.forEach((place, before) -> {
        int now = counts.getOrDefault(place, 0);
        if (now < before) {
          complaints.add(fell(place, before, now));
        }
      });
    }
    return complaints;
  }

  private String rose(String place, int before, Set<Finding> there) {
    String all = there.stream()
        .limit(MOST_SHOWN)
        .map(finding -> "    " + finding.what())
        .collect(Collectors.joining("\n"));
    String more = there.size() > MOST_SHOWN
        ? "\n    … and " + (there.size() - MOST_SHOWN)
            + " more; all of them are in target/findings/" + file.getFileName()
        : "";
    return place + ": " + there.size() + " findings, " + before
        + " known. Mend what your change adds; the number is not raised. Found:\n" + all + more;
  }

  private String fell(String place, int before, int now) {
    String edit = now == 0
        ? "delete the line \"" + place + SEPARATOR + before + "\""
        : "write \"" + place + SEPARATOR + now + "\" for " + before;
    return place + ": " + now + " findings, " + before + " known. It fell: " + edit + " in "
        + file.getFileName() + ", or run the test once with -Dzookit.ratchets=lower";
  }

  private static SortedMap<String, Integer> lowest(
      Map<String, Integer> known, Map<String, Integer> counts) {
    SortedMap<String, Integer> lowest = new TreeMap<>();
    known.forEach((place, before) -> {
      int now = Math.min(before, counts.getOrDefault(place, 0));
      if (now > 0) {
        lowest.put(place, now);
      }
    });
    return lowest;
  }

  private SortedMap<String, Integer> read() {
    SortedMap<String, Integer> known = new TreeMap<>();
    for (String line : text().lines().toList()) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      int separator = line.lastIndexOf(SEPARATOR);
      if (separator < 0
          || !line.substring(separator + SEPARATOR.length()).matches("[1-9][0-9]{0,6}")) {
        throw new IllegalStateException(file + ": \"" + line
            + "\" (expected: PLACE = NUMBER). After a merge conflict write the file again:"
            + " -Dzookit.ratchets=rewrite");
      }
      known.put(
          line.substring(0, separator),
          Integer.parseInt(line.substring(separator + SEPARATOR.length())));
    }
    return known;
  }

  private void write(SortedMap<String, Integer> counts) {
    StringBuilder text = new StringBuilder()
        .append("# ")
        .append(rule.says())
        .append('\n')
        .append(
            "# Known findings; a number may only fall. Written by -Dzookit.ratchets=lower (or rewrite).\n");
    counts.forEach(
        (place, count) -> text.append(place).append(SEPARATOR).append(count).append('\n'));
    if (text.toString().equals(text())) {
      return;
    }
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text() {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
