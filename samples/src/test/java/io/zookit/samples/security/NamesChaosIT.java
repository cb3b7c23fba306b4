package io.zookit.samples.security;

import org.junit.jupiter.api.Tag;

/** {@link NamesIT} with as many names as the long run has time for. */
@Tag("nightly")
class NamesChaosIT extends NamesIT {

  @Override
  int names() {
    return 10_000;
  }
}
