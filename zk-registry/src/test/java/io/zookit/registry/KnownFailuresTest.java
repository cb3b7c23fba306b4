package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The list of failures of others names tests that there are. */
class KnownFailuresTest {

  private static final Path PAGE = Path.of("..", "docs", "guarantees.md");
  private static final Pattern TEST = Pattern.compile("`((?:balance\\.)?\\w+)\\.(\\w+)`");

  @Test
  void list_everyEntry_namesATestThatThereIs() throws Exception {
    List<String> rows = rows();
    assertThat(rows).hasSizeGreaterThanOrEqualTo(16);
    for (String row : rows) {
      Matcher tests = TEST.matcher(row);
      int found = 0;
      while (tests.find()) {
        found++;
        assertThat(methods("io.zookit.registry." + tests.group(1)))
            .as(row)
            .contains(tests.group(2));
      }
      assertThat(found).as(row).isPositive();
    }
  }

  private static List<String> methods(String type) throws ClassNotFoundException {
    return Arrays.stream(Class.forName(type).getDeclaredMethods())
        .map(Method::getName)
        .toList();
  }

  /** The lines of the table. */
  private static List<String> rows() throws IOException {
    List<String> rows = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("#")) {
        inside = line.contains("Failures of other registries");
      } else if (inside && line.startsWith("| ") && !line.startsWith("| failure")) {
        rows.add(line);
      }
    }
    return rows;
  }
}
