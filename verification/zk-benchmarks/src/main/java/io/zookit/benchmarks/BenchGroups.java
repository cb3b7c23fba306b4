package io.zookit.benchmarks;

import io.zookit.benchmarks.config.ConfigRows;
import io.zookit.benchmarks.group.GroupRows;
import io.zookit.benchmarks.id.IdRows;
import io.zookit.benchmarks.lock.LockRows;
import io.zookit.benchmarks.measure.Growth;
import io.zookit.benchmarks.measure.RowGroup;
import io.zookit.benchmarks.registry.RegistryRows;
import io.zookit.benchmarks.scheduler.SchedulerRows;
import java.util.List;

/** The groups of rows, in the order of the report. */
final class BenchGroups {

  private static final List<RowGroup> ALL = List.of(
      new LockRows(),
      new RegistryRows(),
      new ConfigRows(),
      new SchedulerRows(),
      new IdRows(),
      new GroupRows());

  private BenchGroups() {}

  static List<RowGroup> all() {
    return ALL;
  }

  /**
   * Returns the group of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static RowGroup named(String name) {
    return ALL.stream()
        .filter(group -> group.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("group: " + name + " (expected: "
            + String.join(", ", ALL.stream().map(RowGroup::name).toList()) + ")"));
  }

  /** Returns the growths of all groups. */
  static List<Growth> growths() {
    return ALL.stream().flatMap(group -> group.growths().stream()).toList();
  }
}
