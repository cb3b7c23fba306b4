package io.zookit.openfeature;

import io.zookit.config.ConfigStore;
import io.zookit.config.Namespace;
import io.zookit.core.ZkClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The options of a {@link ZookitFeatureProvider}. */
public final class ZookitFeatureProviderBuilder {

  private final Namespace namespace;
  private final ZkClient client;
  private @Nullable ConfigStore store;
  private Duration readyTimeout = Duration.ofSeconds(10);
  private Duration staleAfter = Duration.ofMinutes(1);

  ZookitFeatureProviderBuilder(Namespace namespace, ZkClient client) {
    this.namespace = namespace;
    this.client = client;
  }

  /** Sets the store, of the same client, for one with keys or snapshots. Default: that of the client. */
  public ZookitFeatureProviderBuilder store(ConfigStore store) {
    this.store = store;
    return this;
  }

  /** Sets how long the start waits for a first release. Default: 10 s. */
  public ZookitFeatureProviderBuilder readyTimeout(Duration timeout) {
    this.readyTimeout = requirePositive("readyTimeout", timeout);
    return this;
  }

  /** Sets the age of the flags from which on the provider is stale. Default: 1 min. */
  public ZookitFeatureProviderBuilder staleAfter(Duration age) {
    this.staleAfter = requirePositive("staleAfter", age);
    return this;
  }

  private static Duration requirePositive(String name, Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException(name + ": " + duration + " (expected: more than zero)");
    }
    return duration;
  }

  /** Creates the provider; nothing is sent before OpenFeature starts it. */
  public ZookitFeatureProvider build() {
    return new ZookitFeatureProvider(
        namespace,
        store == null ? ConfigStore.in(client) : store,
        client.timekeeper(),
        readyTimeout,
        staleAfter);
  }
}
