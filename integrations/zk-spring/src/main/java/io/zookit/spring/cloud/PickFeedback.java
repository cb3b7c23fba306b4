package io.zookit.spring.cloud;

import io.zookit.registry.Pick;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.ResponseData;

/** Ends the picks of {@link PickingLoadBalancer} with the outcome of their calls, which rules and circuit breakers learn from. */
final class PickFeedback implements LoadBalancerLifecycle<Object, Object, ServiceInstance> {

  @Override
  public void onStart(Request<Object> request) {
    // Nothing is chosen yet.
  }

  @Override
  public void onStartRequest(Request<Object> request, Response<ServiceInstance> chosen) {
    // The pick counts as in flight from the choice on.
  }

  @Override
  public void onComplete(CompletionContext<Object, ServiceInstance, Object> completion) {
    Response<ServiceInstance> chosen = completion.getLoadBalancerResponse();
    if (chosen != null && chosen.getServer() instanceof DiscoveredInstance instance) {
      instance.pick().ifPresent(pick -> end(pick, completion));
    }
  }

  private static void end(
      Pick pick, CompletionContext<Object, ServiceInstance, Object> completion) {
    switch (completion.status()) {
      case SUCCESS -> {
        if (isServersFault(completion.getClientResponse())) {
          pick.failed();
        } else {
          pick.succeeded();
        }
      }
      case FAILED -> pick.failed();
      case DISCARD -> pick.close();
    }
  }

  private static boolean isServersFault(@Nullable Object response) {
    return response instanceof ResponseData answer
        && answer.getHttpStatus() != null
        && answer.getHttpStatus().is5xxServerError();
  }
}
