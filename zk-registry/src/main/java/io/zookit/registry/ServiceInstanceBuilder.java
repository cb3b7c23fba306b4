package io.zookit.registry;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builder of a {@link ServiceInstance}. What is set is checked by {@link #build}.
 *
 * <p><i>Threads:</i> used by one thread at a time.
 */
public final class ServiceInstanceBuilder {

  private static final int STANDARD_WEIGHT = 100;

  final String service;
  final String host;
  final int port;

  @Nullable
  String id;

  Map<String, Integer> ports = Map.of();
  String zone = "";
  String version = "";
  int weight = STANDARD_WEIGHT;
  Map<String, String> metadata = Map.of();
  InstanceStatus status = InstanceStatus.UP;

  ServiceInstanceBuilder(String service, String host, int port) {
    this.service = service;
    this.host = host;
    this.port = port;
  }

  ServiceInstanceBuilder(ServiceInstance from) {
    this(from.service(), from.host(), from.port());
    id = from.id();
    ports = from.ports();
    zone = from.zone().orElse("");
    version = from.version().orElse("");
    weight = from.weight();
    metadata = from.metadata();
    status = from.status();
  }

  /** Sets the id, {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}. Default: {@code host-port}. */
  public ServiceInstanceBuilder id(String id) {
    this.id = id;
    return this;
  }

  /** Sets the ports besides the main one, by their names. Default: none. */
  public ServiceInstanceBuilder ports(Map<String, Integer> ports) {
    this.ports = ports;
    return this;
  }

  /** Sets the zone, {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}, or none if it is empty. Default: none. */
  public ServiceInstanceBuilder zone(String zone) {
    this.zone = zone;
    return this;
  }

  /** Sets the version, {@code [A-Za-z0-9][A-Za-z0-9.+_-]{0,63}}, or none if it is empty. Default: none. */
  public ServiceInstanceBuilder version(String version) {
    this.version = version;
    return this;
  }

  /** Sets the weight, 0 to 1,000,000. Default: 100. */
  public ServiceInstanceBuilder weight(int weight) {
    this.weight = weight;
    return this;
  }

  /** Sets the metadata. Default: none. */
  public ServiceInstanceBuilder metadata(Map<String, String> metadata) {
    this.metadata = metadata;
    return this;
  }

  /** Sets the status. Default: {@link InstanceStatus#UP}. */
  public ServiceInstanceBuilder status(InstanceStatus status) {
    this.status = status;
    return this;
  }

  /**
   * Creates the instance.
   *
   * @throws IllegalArgumentException if one of the values is outside its range
   */
  public ServiceInstance build() {
    return new ServiceInstance(this);
  }
}
