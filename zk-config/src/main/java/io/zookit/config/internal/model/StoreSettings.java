package io.zookit.config.internal.model;

import io.zookit.config.ConfigObserver;
import io.zookit.config.Namespace;
import io.zookit.config.bind.RecordBinder;
import io.zookit.config.gray.Instance;
import io.zookit.config.secret.KeyProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a store. Immutable; stores of equal settings and one client follow together.
 *
 * @param instance that follows; null for one that is kept in the snapshot folder, or made up
 * @param strict whether keys that no record has a component for are refused
 */
public record StoreSettings(
    @Nullable Instance instance,
    @Nullable Path snapshots,
    @Nullable Path overrides,
    @Nullable KeyProvider keys,
    Duration timeout,
    Map<Namespace, RecordBinder<?>> records,
    List<BiFunction<Namespace, Map<String, String>, List<String>>> validators,
    ConfigObserver observer,
    boolean strict) {

  private static final ConfigObserver NO_OBSERVER = new ConfigObserver() {};

  public static final StoreSettings STANDARD = new StoreSettings(
      null, null, null, null, Duration.ofSeconds(15), Map.of(), List.of(), NO_OBSERVER, false);

  /** Tells if an observer was set. */
  public boolean isObserved() {
    return observer != NO_OBSERVER;
  }
}
