package io.zookit.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.testkit.internal.document.NamedTests;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The list of failures of others names tests that there are. */
class KnownFailuresTest {

  @Test
  void list_everyEntry_namesATestThatThereIs() {
    NamedTests list = NamedTests.under(
        Path.of("..", "docs", "guarantees.md"), "Failures of other configuration centres");
    assertThat(list.rows()).hasSizeGreaterThanOrEqualTo(18);
    assertThat(list.faults("io.zookit.config")).isEmpty();
  }
}
