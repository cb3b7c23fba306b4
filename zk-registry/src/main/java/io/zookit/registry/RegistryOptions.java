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
 * @param announcesPresence whether consumers are visible to operators
 * @param probe who asks those in quarantine
 */
record RegistryOptions(
    Duration grace,
    Supplier<Balancer> rule,
    Optional<Path> files,
    Duration maxFileAge,
    boolean announcesPresence,
    Optional<InstanceProbe> probe) {

  static final RegistryOptions STANDARD = new RegistryOptions(
      Duration.ofSeconds(2),
      Balancer::adaptive,
      Optional.empty(),
      Duration.ofDays(1),
      false,
      Optional.empty());

  RegistryOptions withGrace(Duration other) {
    return new RegistryOptions(other, rule, files, maxFileAge, announcesPresence, probe);
  }

  RegistryOptions withRule(Supplier<Balancer> other) {
    return new RegistryOptions(grace, other, files, maxFileAge, announcesPresence, probe);
  }

  RegistryOptions withFiles(Path folder, Duration maxAge) {
    return new RegistryOptions(grace, rule, Optional.of(folder), maxAge, announcesPresence, probe);
  }

  RegistryOptions withPresence() {
    return new RegistryOptions(grace, rule, files, maxFileAge, true, probe);
  }

  RegistryOptions withProbe(InstanceProbe other) {
    return new RegistryOptions(
        grace, rule, files, maxFileAge, announcesPresence, Optional.of(other));
  }
}
