package io.zookit.registry;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a view knows of one id, and what happened to it.
 *
 * @param instance the instance, if it is there or remembered
 * @param standing whether it may be chosen, or why not
 * @param events what happened, oldest first; the last that are remembered
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
