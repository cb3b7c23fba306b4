package io.zookit.registry.internal.runtime;

import io.zookit.registry.InstanceProbe;
import io.zookit.registry.ServiceRegistryBuilder;
import io.zookit.registry.balance.Balancer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Options that a {@link ServiceRegistryBuilder} collects.
 *
 * @param rule creates the rule of a view
 * @param files the folder in which views are saved for a later run
 * @param announcesPresence whether consumers are visible to operators
 * @param probe the probe of instances in quarantine
 */
public record RegistryOptions(
    Duration grace,
    Supplier<Balancer> rule,
    Optional<Path> files,
    Duration maxFileAge,
    boolean announcesPresence,
    Optional<InstanceProbe> probe) {

  public static final RegistryOptions STANDARD = new RegistryOptions(
      Duration.ofSeconds(2),
      Balancer::adaptive,
      Optional.empty(),
      Duration.ofDays(1),
      false,
      Optional.empty());

  public RegistryOptions withGrace(Duration other) {
    return new RegistryOptions(other, rule, files, maxFileAge, announcesPresence, probe);
  }

  public RegistryOptions withRule(Supplier<Balancer> other) {
    return new RegistryOptions(grace, other, files, maxFileAge, announcesPresence, probe);
  }

  public RegistryOptions withFiles(Path folder, Duration maxAge) {
    return new RegistryOptions(grace, rule, Optional.of(folder), maxAge, announcesPresence, probe);
  }

  public RegistryOptions withPresence() {
    return new RegistryOptions(grace, rule, files, maxFileAge, true, probe);
  }

  public RegistryOptions withProbe(InstanceProbe other) {
    return new RegistryOptions(
        grace, rule, files, maxFileAge, announcesPresence, Optional.of(other));
  }
}
