package io.zookit.spring;

import io.zookit.core.ZkClientBuilder;

/** Changes the settings of the client behind the properties. Beans of this type are applied in their order. */
@FunctionalInterface
public interface ZkClientCustomizer {

  /** Changes the builder. */
  void customize(ZkClientBuilder builder);
}
