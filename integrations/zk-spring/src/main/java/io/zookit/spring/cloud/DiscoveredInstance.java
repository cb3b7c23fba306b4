package io.zookit.spring.cloud;

import io.zookit.registry.Pick;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;

/**
 * An instance of the registry as Spring Cloud knows instances.
 *
 * <p>Its metadata have, besides its own, {@code zone}, {@code version} and {@code weight}; and {@code zookit.age} if the view
 * is not confirmed at present, in seconds.
 */
final class DiscoveredInstance implements ServiceInstance {

  private static final String SECURE = "secure";

  private final io.zookit.registry.ServiceInstance instance;
  private final Map<String, String> metadata;
  private final @Nullable Pick pick;

  private DiscoveredInstance(
      io.zookit.registry.ServiceInstance instance, Duration age, @Nullable Pick pick) {
    this.instance = instance;
    this.pick = pick;
    Map<String, String> all = new TreeMap<>(instance.metadata());
    instance.zone().ifPresent(zone -> all.put("zone", zone));
    instance.version().ifPresent(version -> all.put("version", version));
    all.put("weight", Integer.toString(instance.weight()));
    if (!age.isZero()) {
      all.put("zookit.age", Long.toString(age.toSeconds()));
    }
    this.metadata = Map.copyOf(all);
  }

  static DiscoveredInstance of(io.zookit.registry.ServiceInstance instance, Duration age) {
    return new DiscoveredInstance(instance, age, null);
  }

  static DiscoveredInstance of(Pick pick, Duration age) {
    return new DiscoveredInstance(pick.instance(), age, pick);
  }

  /** The choice that this instance is the result of, whose end is to be reported. */
  Optional<Pick> pick() {
    return Optional.ofNullable(pick);
  }

  @Override
  public String getInstanceId() {
    return instance.id();
  }

  @Override
  public String getServiceId() {
    return instance.service();
  }

  @Override
  public String getHost() {
    return instance.host();
  }

  @Override
  public int getPort() {
    return instance.port();
  }

  @Override
  public boolean isSecure() {
    return Boolean.parseBoolean(metadata.get(SECURE));
  }

  @Override
  public URI getUri() {
    return URI.create((isSecure() ? "https://" : "http://") + instance.address());
  }

  @Override
  public Map<String, String> getMetadata() {
    return metadata;
  }

  @Override
  public String getScheme() {
    return DefaultServiceInstance.getUri(this).getScheme();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DiscoveredInstance that && instance.equals(that.instance);
  }

  @Override
  public int hashCode() {
    return instance.hashCode();
  }

  @Override
  public String toString() {
    return instance.toString();
  }
}
