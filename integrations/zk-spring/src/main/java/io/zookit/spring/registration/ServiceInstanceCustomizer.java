package io.zookit.spring.registration;

import io.zookit.registry.ServiceInstance;

/** Changes what the application says of itself when it is registered. Beans of this type are applied in their order. */
@FunctionalInterface
public interface ServiceInstanceCustomizer {

  /** Returns the instance with changes. */
  ServiceInstance customize(ServiceInstance instance);
}
