package io.zookit.spring.cloud;

import io.zookit.registry.NoInstanceException;
import io.zookit.registry.ServiceView;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.EmptyResponse;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Chooses by the rule of the registry, with what operators have set for the service. The end of the call is reported by
 * {@link PickFeedback}.
 */
final class PickingLoadBalancer implements ReactorServiceInstanceLoadBalancer {

  private static final Log log = LogFactory.getLog(PickingLoadBalancer.class);

  private final String service;
  private final FollowedServices services;

  PickingLoadBalancer(String service, FollowedServices services) {
    this.service = service;
    this.services = services;
  }

  @Override
  @SuppressWarnings("rawtypes") // as Spring Cloud declares it
  public Mono<Response<ServiceInstance>> choose(Request request) {
    ServiceView view = services.view(service);
    return view.latest().isPresent()
        ? Mono.fromCallable(() -> pick(view))
        : Mono.fromCallable(() -> pick(services.readyView(service)))
            .subscribeOn(Schedulers.boundedElastic());
  }

  private Response<ServiceInstance> pick(ServiceView view) {
    try {
      return new DefaultResponse(DiscoveredInstance.of(view.pick(), view.age()));
    } catch (NoInstanceException e) {
      log.warn(e.getMessage());
      return new EmptyResponse();
    }
  }
}
