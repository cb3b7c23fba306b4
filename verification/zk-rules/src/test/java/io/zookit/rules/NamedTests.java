package io.zookit.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tests that a table of a page names as {@code `Type.method`}, so that a page cannot go on to name what is no longer
 * tested. A type of a sub-package is named with it: {@code `time.Type.method`}.
 *
 * @param page the page
 * @param rows the lines of the table, without its head
 */
record NamedTests(Path page, List<String> rows) {

  private static final Pattern TEST = Pattern.compile("`((?:[a-z]+\\.)*[A-Z]\\w+)\\.(\\w+)`");
  private static final Pattern ANNOTATIONS =
      Pattern.compile("@(Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate)\\b");

  /** The rows of a table. */
  NamedTests {
    rows = List.copyOf(rows);
  }

  /**
   * The table under a heading.
   *
   * @throws IllegalArgumentException if there is none
   */
  static NamedTests under(Path page, String heading) {
    List<String> rows = new ArrayList<>();
    boolean inside = false;
    boolean headed = false;
    for (String line : linesOf(page)) {
      if (line.startsWith("#")) {
        inside = line.replaceFirst("^#+ *", "").equals(heading);
        headed = false;
      } else if (inside && line.startsWith("|--")) {
        headed = true;
      } else if (inside && headed && line.startsWith("|")) {
        rows.add(line);
      }
    }
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(
          page + ": no table under \"" + heading + "\" (expected: one)");
    }
    return new NamedTests(page, rows);
  }

  private static List<String> linesOf(Path page) {
    try {
      return Files.readAllLines(page);
    } catch (IOException e) {
      throw new UncheckedIOException(page + ": cannot be read", e);
    }
  }

  /**
   * Returns what is wrong with the rows: one that names no test, or a test that does not exist.
   *
   * @param root the package in which the types are looked for
   */
  List<String> faults(String root) {
    List<String> faults = new ArrayList<>();
    for (String row : rows) {
      Matcher named = TEST.matcher(row);
      int found = 0;
      while (named.find()) {
        found++;
        if (!isTest(root + "." + named.group(1), named.group(2))) {
          faults.add(named.group(1) + "." + named.group(2) + " is no test: " + row);
        }
      }
      if (found == 0) {
        faults.add("names no test: " + row);
      }
    }
    return faults;
  }

  /** Tells if a type of some module's tests has a method with an annotation of JUnit's, by its source. */
  private static boolean isTest(String type, String method) {
    return Checkout.testSource(type).filter(source -> isTestIn(source, method)).isPresent();
  }

  private static boolean isTestIn(String source, String method) {
    Matcher declared = Pattern.compile("void " + Pattern.quote(method) + "\\(").matcher(source);
    while (declared.find()) {
      String before = source.substring(0, declared.start());
      String annotations = before.substring(before.lastIndexOf("\n\n") + 1);
      if (ANNOTATIONS.matcher(annotations).find()) {
        return true;
      }
    }
    return false;
  }
}
