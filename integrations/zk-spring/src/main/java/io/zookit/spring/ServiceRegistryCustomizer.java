package io.zookit.spring;

import io.zookit.registry.ServiceRegistryBuilder;

/** Changes the settings of the service registry. Beans of this type are applied in their order. */
@FunctionalInterface
public interface ServiceRegistryCustomizer {

  /** Changes the builder. */
  void customize(ServiceRegistryBuilder builder);
}
