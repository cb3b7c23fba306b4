package io.zookit.samples.security;

import org.junit.jupiter.api.Tag;

/** {@link HostilePayloadIT} with every attack on every record. */
@Tag("nightly")
class HostilePayloadChaosIT extends HostilePayloadIT {

  @Override
  boolean isFull() {
    return true;
  }
}
