package io.zookit.spring;

import io.zookit.config.ConfigStoreBuilder;

/** Changes the settings of the configuration store behind the properties. Beans of this type are applied in their order. */
@FunctionalInterface
public interface ConfigStoreCustomizer {

  /** Changes the builder. */
  void customize(ConfigStoreBuilder builder);
}
