package io.zookit.spring.cloud;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Spring Cloud's reactive discovery by the registry. Whatever may wait does so on a thread that may. */
final class RegistryReactiveDiscoveryClient implements ReactiveDiscoveryClient {

  private final FollowedServices services;

  RegistryReactiveDiscoveryClient(FollowedServices services) {
    this.services = services;
  }

  @Override
  public String description() {
    return "Zookit, reactive";
  }

  @Override
  public Flux<ServiceInstance> getInstances(String serviceId) {
    return Mono.fromCallable(() -> services.instances(serviceId))
        .subscribeOn(Schedulers.boundedElastic())
        .flatMapMany(Flux::fromIterable);
  }

  @Override
  public Flux<String> getServices() {
    return Mono.fromCallable(services::names)
        .subscribeOn(Schedulers.boundedElastic())
        .flatMapMany(Flux::fromIterable);
  }
}
