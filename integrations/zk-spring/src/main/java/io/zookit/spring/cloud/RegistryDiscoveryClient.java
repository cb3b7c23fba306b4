package io.zookit.spring.cloud;

import java.util.List;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;

/** Spring Cloud's discovery by the registry. */
final class RegistryDiscoveryClient implements DiscoveryClient {

  private final FollowedServices services;

  RegistryDiscoveryClient(FollowedServices services) {
    this.services = services;
  }

  @Override
  public String description() {
    return "Zookit";
  }

  @Override
  public List<ServiceInstance> getInstances(String serviceId) {
    return List.copyOf(services.instances(serviceId));
  }

  @Override
  public List<String> getServices() {
    return services.names();
  }
}
