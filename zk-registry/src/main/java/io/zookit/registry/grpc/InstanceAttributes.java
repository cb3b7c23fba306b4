package io.zookit.registry.grpc;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.zookit.registry.ServiceInstance;
import java.net.InetSocketAddress;
import java.util.Map;

/** Attributes of an address resolved by {@link ZkNameResolverProvider}, for load balancers that use them. */
public final class InstanceAttributes {

  /** The instance at the address. */
  public static final Attributes.Key<ServiceInstance> INSTANCE =
      Attributes.Key.create("io.zookit.instance");

  /** The weight that counts, its own or the operators'. */
  public static final Attributes.Key<Integer> WEIGHT = Attributes.Key.create("io.zookit.weight");

  /** Its zone; missing when it names none. */
  public static final Attributes.Key<String> ZONE = Attributes.Key.create("io.zookit.zone");

  /** Its version; missing when it names none. */
  public static final Attributes.Key<String> VERSION = Attributes.Key.create("io.zookit.version");

  /** Its metadata. */
  public static final Attributes.Key<Map<String, String>> METADATA =
      Attributes.Key.create("io.zookit.metadata");

  private InstanceAttributes() {}

  /** The address of an instance; its name is looked up now if it is one. */
  static EquivalentAddressGroup addressOf(ServiceInstance instance) {
    Attributes.Builder attributes = Attributes.newBuilder()
        .set(INSTANCE, instance)
        .set(WEIGHT, instance.weight())
        .set(METADATA, instance.metadata());
    instance.zone().ifPresent(zone -> attributes.set(ZONE, zone));
    instance.version().ifPresent(version -> attributes.set(VERSION, version));
    return new EquivalentAddressGroup(
        new InetSocketAddress(instance.host(), instance.port()), attributes.build());
  }
}
