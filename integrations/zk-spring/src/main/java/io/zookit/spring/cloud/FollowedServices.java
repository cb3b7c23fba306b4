package io.zookit.spring.cloud;

import io.zookit.core.Subscription;
import io.zookit.core.ZkUnavailableException;
import io.zookit.registry.ServiceListener;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.context.ApplicationEventPublisher;

/**
 * The services that the application has asked for, each followed from the first request on. All discovery clients and load
 * balancers share them.
 *
 * <p><i>Failure:</i> during an outage the last instances stay, with their age. A service of which nothing was ever known is an
 * error, never an empty list.
 *
 * <p><i>Cost:</i> that of {@link ServiceRegistry#discover} for each service. A {@link HeartbeatEvent} is published when the
 * instances that may be called change, and at no other time.
 */
final class FollowedServices implements AutoCloseable {

  private final ServiceRegistry registry;
  private final Duration timeout;
  private final ApplicationEventPublisher publisher;
  private final Map<String, Followed> services = new ConcurrentHashMap<>();
  private final AtomicLong changes = new AtomicLong();

  FollowedServices(
      ServiceRegistry registry, Duration timeout, ApplicationEventPublisher publisher) {
    this.registry = registry;
    this.timeout = timeout;
    this.publisher = publisher;
  }

  /** A view and its listener. */
  private record Followed(ServiceView view, Subscription subscription) implements AutoCloseable {

    @Override
    public void close() {
      subscription.close();
      view.close();
    }
  }

  /** The view of a service; perhaps nothing is known of it yet. */
  ServiceView view(String service) {
    return services.computeIfAbsent(service, this::follow).view();
  }

  private Followed follow(String service) {
    ServiceView view = registry.discover(service);
    return new Followed(view, view.subscribe(new ServiceListener() {
      @Override
      public void onRotation(List<io.zookit.registry.ServiceInstance> inRotation) {
        publisher.publishEvent(
            new HeartbeatEvent(FollowedServices.this, changes.incrementAndGet()));
      }
    }));
  }

  /**
   * The view of a service, of which something is known.
   *
   * @throws io.zookit.core.ZkTimeoutException if nothing is known of it in time
   */
  ServiceView readyView(String service) {
    ServiceView view = view(service);
    if (view.latest().isPresent()) {
      return view;
    }
    try {
      return view.awaitReady(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ZkUnavailableException("service " + service + ": interrupted", e);
    }
  }

  /** The instances that may be called. */
  List<DiscoveredInstance> instances(String service) {
    ServiceView view = readyView(service);
    Duration age = view.age();
    return view.inRotation().stream()
        .map(each -> DiscoveredInstance.of(each, age))
        .toList();
  }

  /** The names of all services. */
  List<String> names() {
    try {
      return registry.services();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ZkUnavailableException("services: interrupted", e);
    }
  }

  @Override
  public void close() {
    services.values().forEach(Followed::close);
  }

  @Override
  public String toString() {
    return "services " + services.keySet();
  }
}
