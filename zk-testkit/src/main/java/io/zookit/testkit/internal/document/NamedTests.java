package io.zookit.testkit.internal.document;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tests that a table of a page names as {@code `Type.method`}, so that a page cannot go on to name what is no longer
 * tested. A type of a sub-package is named with it: {@code `time.Type.method`}.
 *
 * @param page the page
 * @param rows the lines of the table, without its head
 */
public record NamedTests(Path page, List<String> rows) {

  private static final Pattern TEST = Pattern.compile("`((?:[a-z]+\\.)*[A-Z]\\w+)\\.(\\w+)`");
  private static final Set<String> TESTS =
      Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "TestTemplate");

  /** The rows of a table. */
  public NamedTests {
    rows = List.copyOf(rows);
  }

  /**
   * The table under a heading.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static NamedTests under(Path page, String heading) {
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
  public List<String> faults(String root) {
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

  private static boolean isTest(String type, String method) {
    try {
      Class<?> found = Class.forName(type, false, NamedTests.class.getClassLoader());
      return Arrays.stream(found.getDeclaredMethods())
          .anyMatch(each -> each.getName().equals(method) && isTest(each));
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static boolean isTest(Method method) {
    return Arrays.stream(method.getAnnotations())
        .anyMatch(each -> TESTS.contains(each.annotationType().getSimpleName()));
  }
}
