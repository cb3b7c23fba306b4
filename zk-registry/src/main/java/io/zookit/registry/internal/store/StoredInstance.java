package io.zookit.registry.internal.store;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import io.zookit.core.internal.codec.StoredNames;
import io.zookit.registry.InstanceStatus;
import io.zookit.registry.ServiceInstance;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An instance as its node holds it. Default values are left out.
 *
 * @param status {@code leaving} or {@code down}; readers treat a word that they do not recognize as {@code down}
 */
public record StoredInstance(
    @Stored("id") String id,
    @Stored("host") String host,
    @Stored("port") int port,
    @Stored("ports") @Nullable Map<String, Integer> ports,
    @Stored("zone") @Nullable String zone,
    @Stored("version") @Nullable String version,
    @Stored("weight") @Nullable Integer weight,
    @Stored("metadata") @Nullable Map<String, String> metadata,
    @Stored("status") @Nullable String status) {

  /** More than that is not written, and not read. */
  public static final int MAX_BYTES = 4096;

  public static final RecordCodec<StoredInstance> CODEC =
      RecordCodec.of(StoredInstance.class, 1).withLimit(MAX_BYTES);
  private static final StoredNames<InstanceStatus> STATUSES = StoredNames.of(InstanceStatus.class);
  private static final int STANDARD_WEIGHT = 100;

  /**
   * The bytes of an instance.
   *
   * @throws IllegalArgumentException if there are too many, or its metadata are no Unicode text
   */
  public static byte[] encode(ServiceInstance instance) {
    StoredInstance stored = new StoredInstance(
        instance.id(),
        instance.host(),
        instance.port(),
        instance.ports().isEmpty() ? null : instance.ports(),
        instance.zone().orElse(null),
        instance.version().orElse(null),
        instance.weight() == STANDARD_WEIGHT ? null : instance.weight(),
        instance.metadata().isEmpty() ? null : instance.metadata(),
        instance.status() == InstanceStatus.UP ? null : STATUSES.nameOf(instance.status()));
    try {
      return CODEC.encode(stored);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "instance " + instance.service() + "/" + instance.id() + ": " + e.getMessage(), e);
    }
  }

  /** The instance of a node, or why it is none. */
  public static Decoded<ServiceInstance> decode(String service, NodeName node, byte[] data) {
    Decoded<StoredInstance> decoded = CODEC.decode(data);
    if (decoded instanceof Decoded.TooNew<StoredInstance> newer) {
      return new Decoded.TooNew<>(newer.version(), newer.minReader());
    }
    if (decoded instanceof Decoded.Malformed<StoredInstance> bad) {
      return new Decoded.Malformed<>(bad.reason());
    }
    Decoded.Value<StoredInstance> value = (Decoded.Value<StoredInstance>) decoded;
    if (!value.value().id.equals(node.id())) {
      return new Decoded.Malformed<>("id: another than in the node's name");
    }
    try {
      return new Decoded.Value<>(value.value().toInstance(service), value.version());
    } catch (IllegalArgumentException e) {
      return new Decoded.Malformed<>("" + e.getMessage());
    }
  }

  private ServiceInstance toInstance(String service) {
    return ServiceInstance.builder(service, host, port)
        .id(id)
        .ports(ports == null ? Map.of() : ports)
        .zone(zone == null ? "" : zone)
        .version(version == null ? "" : version)
        .weight(weight == null ? STANDARD_WEIGHT : weight)
        .metadata(metadata == null ? Map.of() : metadata)
        .status(status == null ? InstanceStatus.UP : statusOf(status))
        .build();
  }

  private static InstanceStatus statusOf(String word) {
    return STATUSES.find(word).orElse(InstanceStatus.DOWN);
  }
}
