package io.zookit.config;

import io.zookit.config.bind.RecordBinder;
import io.zookit.config.gray.Instance;
import io.zookit.config.secret.KeyProvider;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.CoreClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** The settings of a {@link ConfigStore}. Not thread-safe; may be used for several stores. */
public final class ConfigStoreBuilder {

  private final CoreClient client;
  private StoreSettings settings = StoreSettings.STANDARD;

  ConfigStoreBuilder(ZkClient client) {
    this.client = CoreClient.of(client);
  }

  /**
   * Who this process is. Default: an id kept in the folder of snapshots; without one, made up anew at every start, so that
   * gray releases by percentage do not stick.
   */
  public ConfigStoreBuilder instance(Instance instance) {
    settings = new StoreSettings(
        instance,
        settings.snapshots(),
        settings.overrides(),
        settings.keys(),
        settings.patience(),
        settings.records(),
        settings.validators(),
        settings.observer());
    return this;
  }

  /** Where the last good releases are kept for a start without ZooKeeper. Default: nowhere. */
  public ConfigStoreBuilder snapshots(Path folder) {
    settings = new StoreSettings(
        settings.instance(),
        folder,
        settings.overrides(),
        settings.keys(),
        settings.patience(),
        settings.records(),
        settings.validators(),
        settings.observer());
    return this;
  }

  /**
   * Where an operator may put values above all others for a while: {@code ENV~APP~NS.properties} with the key {@code
   * ~until}, an instant, and perhaps {@code ~by}. Default: nowhere.
   */
  public ConfigStoreBuilder overrides(Path folder) {
    settings = new StoreSettings(
        settings.instance(),
        settings.snapshots(),
        folder,
        settings.keys(),
        settings.patience(),
        settings.records(),
        settings.validators(),
        settings.observer());
    return this;
  }

  /** Who wraps and unwraps data keys. Default: nobody; then secrets can be neither sealed nor opened. */
  public ConfigStoreBuilder keys(KeyProvider provider) {
    settings = new StoreSettings(
        settings.instance(),
        settings.snapshots(),
        settings.overrides(),
        provider,
        settings.patience(),
        settings.records(),
        settings.validators(),
        settings.observer());
    return this;
  }

  /** How long a request may take, with all that has to be done again. Default 15 s. */
  public ConfigStoreBuilder patience(Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("patience: " + limit + " (expected: more than zero)");
    }
    settings = new StoreSettings(
        settings.instance(),
        settings.snapshots(),
        settings.overrides(),
        settings.keys(),
        limit,
        settings.records(),
        settings.validators(),
        settings.observer());
    return this;
  }

  /** What is published to a namespace through this store must bind to a record. */
  public ConfigStoreBuilder requiring(Namespace ns, Class<? extends Record> type) {
    Map<Namespace, RecordBinder<?>> records = new LinkedHashMap<>(settings.records());
    records.put(ns, RecordBinder.of(type));
    settings = new StoreSettings(
        settings.instance(),
        settings.snapshots(),
        settings.overrides(),
        settings.keys(),
        settings.patience(),
        Map.copyOf(records),
        settings.validators(),
        settings.observer());
    return this;
  }

  /**
   * What is published through this store must pass a check.
   *
   * @param validator gets the values in plain text and returns what is wrong, one line each, beginning with the key
   */
  public ConfigStoreBuilder validator(
      BiFunction<Namespace, Map<String, String>, List<String>> validator) {
    List<BiFunction<Namespace, Map<String, String>, List<String>>> more =
        new ArrayList<>(settings.validators());
    more.add(validator);
    settings = new StoreSettings(
        settings.instance(),
        settings.snapshots(),
        settings.overrides(),
        settings.keys(),
        settings.patience(),
        settings.records(),
        List.copyOf(more),
        settings.observer());
    return this;
  }

  /** Who hears of transitions. Default: nobody. */
  public ConfigStoreBuilder observer(ConfigObserver observer) {
    settings = new StoreSettings(
        settings.instance(),
        settings.snapshots(),
        settings.overrides(),
        settings.keys(),
        settings.patience(),
        settings.records(),
        settings.validators(),
        observer);
    return this;
  }

  /** The store; nothing is asked for yet. */
  public ConfigStore build() {
    return new TreeStore(client, settings);
  }
}
