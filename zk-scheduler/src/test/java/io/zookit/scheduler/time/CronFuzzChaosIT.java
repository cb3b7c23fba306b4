package io.zookit.scheduler.time;

import org.junit.jupiter.api.Tag;

/** {@link CronFuzzTest} with as many expressions as the long run has time for. */
@Tag("nightly")
class CronFuzzChaosIT extends CronFuzzTest {

  @Override
  int expressions() {
    return 100_000;
  }
}
