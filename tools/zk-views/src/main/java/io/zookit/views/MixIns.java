package io.zookit.views;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.zookit.config.gray.Instance;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.time.Slot;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;

/** Mix-ins: how the records of the public API are written. */
final class MixIns {

  private MixIns() {}

  /** A release without what only proves its history. */
  @JsonIgnoreProperties({"publishId", "previousHash"})
  @JsonPropertyOrder({"namespace", "number", "kind", "parent", "restores"})
  interface OfRelease {}

  /** A status with the identity of its instance in one object. */
  @JsonIgnoreProperties({"vote", "life"})
  @JsonPropertyOrder({"instance", "incarnation", "client"})
  interface OfStatus {
    @JsonUnwrapped
    Instance instance();
  }

  /** An instance of a configuration. */
  interface OfInstance {
    @JsonProperty("instance")
    String id();
  }

  /** The end of a run, with its slot in one object. */
  @JsonPropertyOrder({
    "job",
    "id",
    "slot",
    "manual",
    "node",
    "attempt",
    "start",
    "end",
    "duration",
    "fate"
  })
  interface OfRun {
    @JsonUnwrapped
    Slot slot();

    @JsonProperty("fate")
    SlotOutcome outcome();

    @JsonProperty("duration")
    Duration duration();
  }

  /** A slot by its local time and its instant. */
  @JsonPropertyOrder({"slot", "fold", "due"})
  interface OfSlot {
    @JsonProperty("slot")
    @com.fasterxml.jackson.databind.annotation.JsonSerialize(
        using = com.fasterxml.jackson.databind.ser.std.ToStringSerializer.class)
    LocalDateTime label();

    @JsonProperty("due")
    Instant instant();
  }

  /** A node that runs jobs. */
  interface OfJobNode {
    @JsonProperty("node")
    String label();
  }

  /** A heartbeat, inside its instance. */
  @JsonIgnoreProperties("id")
  interface OfHeartbeat {}
}
