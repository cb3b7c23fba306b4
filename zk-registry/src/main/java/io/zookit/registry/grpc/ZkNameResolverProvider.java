package io.zookit.registry.grpc;

import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.registry.ServiceRegistry;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Lets gRPC channels find services by their names, {@code zk:///payments}:
 *
 * <pre>{@code
 * NameResolverRegistry.getDefaultRegistry().register(new ZkNameResolverProvider(registry));
 * ManagedChannel channel = ManagedChannelBuilder.forTarget("zk:///payments")
 *     .defaultLoadBalancingPolicy("round_robin")
 *     .build();
 * }</pre>
 *
 * <p>A channel has the addresses of the instances that are {@linkplain io.zookit.registry.ServiceView#inRotation in
 * rotation}, each with its {@link InstanceAttributes}, and new ones as soon as the view changes. Which of them is
 * called is decided by gRPC's load balancer, not by the registry's rule. The authority of the calls is the name of the
 * service.
 *
 * <p><i>Failure:</i> while ZooKeeper cannot be reached a channel keeps its addresses; it receives an empty list only
 * after all instances have ended in order, and then gRPC's balancers still use open connections until the servers close
 * them. Calls to a service that never had an instance fail with {@code UNAVAILABLE}; calls before the registry was read
 * for the first time wait.
 *
 * <p><i>Cost:</i> one view for each channel that is not idle; views of one service share one watch and one copy.
 */
public final class ZkNameResolverProvider extends NameResolverProvider {

  /** The scheme of the names, {@value}. */
  public static final String SCHEME = "zk";

  private static final int USUAL_PRIORITY = 5;

  private final Map<String, ServiceRegistry> registries;

  /** Looks names up in a registry. It stays the caller's, and its client has to stay open. */
  public ZkNameResolverProvider(ServiceRegistry registry) {
    this(Map.of("", registry));
  }

  private ZkNameResolverProvider(Map<String, ServiceRegistry> registries) {
    this.registries = Map.copyOf(registries);
  }

  /**
   * A copy that looks names with an authority, {@code zk://west/payments}, up in another registry.
   *
   * @param authority {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}
   */
  public ZkNameResolverProvider with(String authority, ServiceRegistry registry) {
    Map<String, ServiceRegistry> more = new HashMap<>(registries);
    more.put(ZkPath.requireName("authority", authority), registry);
    return new ZkNameResolverProvider(more);
  }

  /**
   * A resolver of one name.
   *
   * @throws IllegalArgumentException if it is none of a service, or its authority is not known
   */
  @Override
  public NameResolver newNameResolver(URI target, NameResolver.Args args) {
    String path = Objects.requireNonNullElse(target.getPath(), "");
    if (!SCHEME.equals(target.getScheme()) || !path.startsWith("/")) {
      throw new IllegalArgumentException("target: " + target + " (expected: zk:///service)");
    }
    String authority = Objects.requireNonNullElse(target.getAuthority(), "");
    ServiceRegistry registry = registries.get(authority);
    if (registry == null) {
      throw new IllegalArgumentException("target: " + target + " (expected: an authority of "
          + registries.keySet().stream().sorted().toList() + ")");
    }
    String service = ZkPath.requireName("service", path.substring(1));
    return new ServiceNameResolver(registry, service, args);
  }

  @Override
  public String getDefaultScheme() {
    return SCHEME;
  }

  @Override
  public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
    return Set.of(InetSocketAddress.class);
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return USUAL_PRIORITY;
  }
}
