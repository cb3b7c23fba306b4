package io.zookit.registry;

import io.zookit.core.internal.path.ZkPath;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * One running copy of a service: where it is, and what it says of itself. Immutable; {@code withY} makes a copy with
 * another Y.
 *
 * <p>Stored it takes at most 4 KiB.
 */
public final class ServiceInstance {

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9:_][A-Za-z0-9:._%-]{0,252}");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}");
  private static final int MAX_PORT = 65_535;
  private static final int MAX_WEIGHT = 1_000_000;

  private final String service;
  private final String id;
  private final String host;
  private final int port;
  private final Map<String, Integer> ports;
  private final String zone;
  private final String version;
  private final int weight;
  private final Map<String, String> metadata;
  private final InstanceStatus status;

  /** Checks everything, whether a user or a node says it. */
  ServiceInstance(ServiceInstanceBuilder values) {
    service = ZkPath.requireName("service", values.service);
    host =
        requireMatch("host", values.host, HOST, "a name or an address of at most 253 characters");
    port = requirePort("port", values.port);
    id = ZkPath.requireName("id", values.id == null ? standardId(host, port) : values.id);
    ports = Map.copyOf(values.ports);
    ports.forEach(
        (name, number) -> requirePort("port " + ZkPath.requireName("port", name), number));
    zone = values.zone.isEmpty() ? "" : ZkPath.requireName("zone", values.zone);
    version = values.version.isEmpty()
        ? ""
        : requireMatch("version", values.version, VERSION, VERSION.pattern());
    weight = requireRange("weight", values.weight, 0, MAX_WEIGHT);
    metadata = Map.copyOf(values.metadata);
    status = values.status;
  }

  /**
   * An instance at an address, with weight 100 and the id {@code host-port}.
   *
   * @param service {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}
   * @param host a name, or an address without brackets
   * @param port the main port, 1 to 65535
   */
  public static ServiceInstance at(String service, String host, int port) {
    return builder(service, host, port).build();
  }

  /** Starts an instance at an address; see {@link #at}. */
  public static ServiceInstanceBuilder builder(String service, String host, int port) {
    return new ServiceInstanceBuilder(service, host, port);
  }

  /** The name of the service. */
  public String service() {
    return service;
  }

  /** The name of this instance in its service; it stays the same over restarts if the instance is to be the same. */
  public String id() {
    return id;
  }

  /** A name or an address, without brackets. */
  public String host() {
    return host;
  }

  /** The main port. */
  public int port() {
    return port;
  }

  /** Another port by its name. */
  public OptionalInt port(String name) {
    Integer number = ports.get(name);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /** The other ports by their names. */
  public Map<String, Integer> ports() {
    return ports;
  }

  /** {@code host:port}, with brackets around an IPv6 address. */
  public String address() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  /** The zone it runs in. */
  public Optional<String> zone() {
    return zone.isEmpty() ? Optional.empty() : Optional.of(zone);
  }

  /** The version it runs. */
  public Optional<String> version() {
    return version.isEmpty() ? Optional.empty() : Optional.of(version);
  }

  /** Its share of calls, relative to other instances of its service; 0 is none. */
  public int weight() {
    return weight;
  }

  /** Whatever else it says of itself. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** The status, which says if it takes calls. */
  public InstanceStatus status() {
    return status;
  }

  /** A copy with another id, {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}. */
  public ServiceInstance withId(String id) {
    return with(values -> values.id = id);
  }

  /** A copy with one port more, or another number for a port. */
  public ServiceInstance withPort(String name, int number) {
    return with(values -> values.ports = plus(values.ports, name, number));
  }

  /** A copy in another zone, {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}. */
  public ServiceInstance withZone(String zone) {
    return with(values -> values.zone = ZkPath.requireName("zone", zone));
  }

  /** A copy with another version, {@code [A-Za-z0-9][A-Za-z0-9.+_-]{0,63}}. */
  public ServiceInstance withVersion(String version) {
    return with(
        values -> values.version = requireMatch("version", version, VERSION, VERSION.pattern()));
  }

  /** A copy with another weight, 0 to 1,000,000. */
  public ServiceInstance withWeight(int weight) {
    return with(values -> values.weight = weight);
  }

  /** A copy with these metadata instead. */
  public ServiceInstance withMetadata(Map<String, String> metadata) {
    return with(values -> values.metadata = metadata);
  }

  /** A copy with one entry more, or another value for an entry. */
  public ServiceInstance withMetadata(String key, String value) {
    return with(values -> values.metadata = plus(values.metadata, key, value));
  }

  /** A copy with another status. One that is {@link InstanceStatus#LEAVING} cannot be registered. */
  public ServiceInstance withStatus(InstanceStatus status) {
    return with(values -> values.status = status);
  }

  private ServiceInstance with(Consumer<ServiceInstanceBuilder> change) {
    ServiceInstanceBuilder copy = new ServiceInstanceBuilder(this);
    change.accept(copy);
    return copy.build();
  }

  private static <V> Map<String, V> plus(Map<String, V> map, String key, V value) {
    Map<String, V> more = new HashMap<>(map);
    more.put(key, value);
    return more;
  }

  /** Replaces characters that a name may not have by dashes, so that the id of an IPv6 address is readable. */
  private static String standardId(String host, int port) {
    String name = host.replaceAll("[^A-Za-z0-9._-]", "-");
    return (name.matches("[A-Za-z0-9].*") ? "" : "h") + name + "-" + port;
  }

  private static int requirePort(String what, int port) {
    return requireRange(what, port, 1, MAX_PORT);
  }

  private static int requireRange(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + ": " + value + " (expected: " + least + " to " + most + ")");
    }
    return value;
  }

  private static String requireMatch(String what, String text, Pattern pattern, String expected) {
    if (!pattern.matcher(text).matches()) {
      String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
      throw new IllegalArgumentException(
          what + ": \"" + shown.replaceAll("[^ -~]", "?") + "\" (expected: " + expected + ")");
    }
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other
            == this // mostly, when lists of all instances before and after a change are compared
        || (other instanceof ServiceInstance that
            && id.equals(that.id)
            && service.equals(that.service)
            && host.equals(that.host)
            && port == that.port
            && weight == that.weight
            && status == that.status
            && zone.equals(that.zone)
            && version.equals(that.version)
            && ports.equals(that.ports)
            && metadata.equals(that.metadata));
  }

  @Override
  public int hashCode() {
    return 31 * service.hashCode() + id.hashCode();
  }

  /** Without the metadata, which may hold anything. */
  @Override
  public String toString() {
    return service + "/" + id + " at " + address() + " " + status + " weight " + weight
        + (zone.isEmpty() ? "" : " zone " + zone)
        + (version.isEmpty() ? "" : " version " + version);
  }
}
