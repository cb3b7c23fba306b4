package io.zookit.spring.cloud;

import java.util.List;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Supplies the instances that may be called now, for load balancers of the application. Nothing is cached: the view is current,
 * and a copy of it would go on with instances that have ended.
 */
final class RotationListSupplier implements ServiceInstanceListSupplier {

  private final String service;
  private final FollowedServices services;

  RotationListSupplier(String service, FollowedServices services) {
    this.service = service;
    this.services = services;
  }

  @Override
  public String getServiceId() {
    return service;
  }

  @Override
  public Flux<List<ServiceInstance>> get() {
    return Mono.fromCallable(() -> List.<ServiceInstance>copyOf(services.instances(service)))
        .subscribeOn(Schedulers.boundedElastic())
        .flux();
  }
}
