package io.zookit.registry;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * State and recent events of one instance, as a view of this process knows them.
 *
 * @param instance the instance, if it exists or is in quarantine
 * @param standing says if it may be chosen, or why not
 * @param events the latest events, oldest first
 */
public record InstanceReport(
    String id, Optional<ServiceInstance> instance, String standing, List<Event> events) {

  /** Something that happened, when this process saw it, by its own clock. */
  public record Event(Instant at, String what) {}

  /** Keeps a copy. */
  public InstanceReport {
    events = List.copyOf(events);
  }
}
