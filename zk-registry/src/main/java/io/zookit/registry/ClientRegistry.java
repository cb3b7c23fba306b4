package io.zookit.registry;

import java.time.Duration;

/** The registry as its users see it: hands everything to the client's engine. */
final class ClientRegistry implements ServiceRegistry {

  private final RegistryEngine engine;
  private final RegistryObservers observers;
  private final Duration grace;

  ClientRegistry(RegistryEngine engine, RegistryObservers observers, Duration grace) {
    this.engine = engine;
    this.observers = observers;
    this.grace = grace;
  }

  @Override
  public Registration register(ServiceInstance instance) {
    DesiredRegistration registration = new DesiredRegistration(engine, instance, observers, grace);
    engine.begin(registration);
    return registration;
  }

  @Override
  public ServiceView discover(String service) {
    ServicePlace place = new ServicePlace(engine.client(), service);
    FollowedView view = new FollowedView(service, engine, observers);
    engine.follow(place, view);
    return view;
  }

  @Override
  public String toString() {
    return "ServiceRegistry of " + engine.client();
  }
}
