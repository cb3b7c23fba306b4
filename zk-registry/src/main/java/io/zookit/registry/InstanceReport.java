package io.zookit.registry;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * State and recent events of one instance, as a view of this process knows them.
 *
 * @param instance the instance, if it exists or is in quarantine
 * @param standing says if it may be chosen, or why not
 * @param events the latest events, oldest first
 * @param phi the suspicion that its heartbeats have ended, as last measured: 8 or more takes it out of rotation; empty if it
 *     writes none, or if calls of this process tell more
 */
public record InstanceReport(
    String id,
    Optional<ServiceInstance> instance,
    String standing,
    List<Event> events,
    OptionalDouble phi) {

  /** Something that happened, when this process saw it, by its own clock. */
  public record Event(Instant at, String what) {}

  /** Keeps a copy. */
  public InstanceReport {
    events = List.copyOf(events);
  }

  /** A report without a suspicion. */
  public InstanceReport(
      String id, Optional<ServiceInstance> instance, String standing, List<Event> events) {
    this(id, instance, standing, events, OptionalDouble.empty());
  }
}
