package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.testkit.internal.document.NamedTests;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The list of failures of others names tests that there are. */
class KnownFailuresTest {

  @Test
  void list_everyEntry_namesATestThatThereIs() {
    NamedTests list =
        NamedTests.under(Path.of("..", "docs", "guarantees.md"), "Failures of other locks");
    assertThat(list.rows()).hasSizeGreaterThanOrEqualTo(15);
    assertThat(list.faults("io.zookit.lock")).isEmpty();
  }
}
