package io.zookit.config;

import io.zookit.config.bind.RecordBinder;
import io.zookit.config.gray.Instance;
import io.zookit.config.internal.ZkConfigStore;
import io.zookit.config.internal.model.StoreSettings;
import io.zookit.config.secret.KeyProvider;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The settings of a {@link ConfigStore}. Not thread-safe; may be used for several stores. */
public final class ConfigStoreBuilder {

  private final CoreClient client;
  private final Map<Namespace, RecordBinder<?>> records = new LinkedHashMap<>();
  private final List<BiFunction<Namespace, Map<String, String>, List<String>>> validators =
      new ArrayList<>();
  private @Nullable Instance instance = StoreSettings.STANDARD.instance();
  private @Nullable Path snapshots = StoreSettings.STANDARD.snapshots();
  private @Nullable Path overrides = StoreSettings.STANDARD.overrides();
  private @Nullable KeyProvider keys = StoreSettings.STANDARD.keys();
  private Duration timeout = StoreSettings.STANDARD.timeout();
  private ConfigObserver observer = StoreSettings.STANDARD.observer();
  private boolean strict = StoreSettings.STANDARD.strict();

  ConfigStoreBuilder(ZkClient client) {
    this.client = CoreClient.of(client);
  }

  /**
   * Sets the identity of this process. Default: an id kept in the folder of snapshots; without one, the label of the
   * client and a random suffix, another one at every start, so that gray releases by percentage do not stick.
   */
  public ConfigStoreBuilder instance(Instance instance) {
    this.instance = instance;
    return this;
  }

  /**
   * Sets the folder that keeps the last good releases for a start without ZooKeeper. Default: none.
   *
   * <p>A release is written before it comes into force. When the disk refuses it, it comes into force all the same, is
   * acknowledged as {@linkplain InstanceReleaseStatus#notKept not kept}, and is written again until it is.
   */
  public ConfigStoreBuilder snapshots(Path folder) {
    this.snapshots = folder;
    return this;
  }

  /**
   * Sets the folder in which an operator may put values above all others for a while: {@code ENV~APP~NS.properties}
   * with the key {@code ~until}, an instant, and perhaps {@code ~by}. Default: nowhere.
   */
  public ConfigStoreBuilder overrides(Path folder) {
    this.overrides = folder;
    return this;
  }

  /**
   * Sets the provider that wraps and unwraps data keys. Default: none; then secrets can be neither sealed nor opened.
   */
  public ConfigStoreBuilder keys(KeyProvider provider) {
    this.keys = provider;
    return this;
  }

  /** Sets how long a request may take, with all repetitions. Default 15 s. */
  public ConfigStoreBuilder timeout(Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("timeout: " + limit + " (expected: more than zero)");
    }
    this.timeout = limit;
    return this;
  }

  /** Requires that what is published to a namespace through this store binds to a record. */
  public ConfigStoreBuilder requiring(Namespace ns, Class<? extends Record> type) {
    records.put(ns, RecordBinder.of(type));
    return this;
  }

  /**
   * Refuses releases with a key that no record has a component for: for reading, a key of the namespace itself (not of its
   * layers) that none of the records bound to it knows; for publishing, one that the record of {@link #requiring} does not
   * know. Default: each such key is reported once, by {@link ConfigObserver#onUnknownKeys} and the log.
   *
   * <p>Bind all records of a namespace at once: until the last one is bound, its keys are unknown.
   */
  public ConfigStoreBuilder refuseUnknownKeys() {
    this.strict = true;
    return this;
  }

  /**
   * Requires that what is published through this store passes a check.
   *
   * @param validator gets the values in plain text and returns what is wrong, one line each, beginning with the key
   */
  public ConfigStoreBuilder validator(
      BiFunction<Namespace, Map<String, String>, List<String>> validator) {
    validators.add(validator);
    return this;
  }

  /** Sets the observer of transitions. Default: none. */
  public ConfigStoreBuilder observer(ConfigObserver observer) {
    this.observer = observer;
    return this;
  }

  /** Creates the store; no request is sent yet. */
  public ConfigStore build() {
    return new ZkConfigStore(
        client,
        new StoreSettings(
            instance,
            snapshots,
            overrides,
            keys,
            timeout,
            Map.copyOf(records),
            List.copyOf(validators),
            observer,
            strict));
  }
}
