package io.zookit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lists of failures of others in docs/guarantees.md name tests that there are. */
class FailuresOfOthersTest {

  @ParameterizedTest
  @CsvSource({
    "locks, 15, lock",
    "registries, 16, registry",
    "configuration centres, 18, config",
    "schedulers, 20, scheduler"
  })
  void list_everyEntry_namesATestThatThereIs(String others, int least, String module) {
    NamedTests list = NamedTests.under(
        Checkout.root().resolve("docs/guarantees.md"), "Failures of other " + others);
    assertThat(list.rows()).hasSizeGreaterThanOrEqualTo(least);
    assertThat(list.faults("io.zookit." + module)).isEmpty();
  }
}
