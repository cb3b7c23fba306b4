package io.zookit.registry;

import io.zookit.registry.balance.Balancer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a {@link ServiceRegistryBuilder} collects.
 *
 * @param rule makes the rule of a view
 * @param files where views are kept for a later run
 * @param beacons whether views say that they are there
 * @param probe who asks those in limbo
 */
record RegistryOptions(
    Duration grace,
    Supplier<Balancer> rule,
    Optional<Path> files,
    Duration maxFileAge,
    boolean beacons,
    Optional<LimboProbe> probe) {

  static final RegistryOptions STANDARD = new RegistryOptions(
      Duration.ofSeconds(2),
      Balancer::adaptive,
      Optional.empty(),
      Duration.ofDays(1),
      false,
      Optional.empty());

  RegistryOptions withGrace(Duration other) {
    return new RegistryOptions(other, rule, files, maxFileAge, beacons, probe);
  }

  RegistryOptions withRule(Supplier<Balancer> other) {
    return new RegistryOptions(grace, other, files, maxFileAge, beacons, probe);
  }

  RegistryOptions withFiles(Path folder, Duration maxAge) {
    return new RegistryOptions(grace, rule, Optional.of(folder), maxAge, beacons, probe);
  }

  RegistryOptions withBeacons() {
    return new RegistryOptions(grace, rule, files, maxFileAge, true, probe);
  }

  RegistryOptions withProbe(LimboProbe other) {
    return new RegistryOptions(grace, rule, files, maxFileAge, beacons, Optional.of(other));
  }
}
