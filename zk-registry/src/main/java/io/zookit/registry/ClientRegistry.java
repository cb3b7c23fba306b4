package io.zookit.registry;

import java.util.Optional;

/** The registry as its users see it: hands everything to the client's engine. */
final class ClientRegistry implements ServiceRegistry {

  private final RegistryEngine engine;
  private final RegistryObservers observers;
  private final RegistryOptions options;

  ClientRegistry(RegistryEngine engine, RegistryObservers observers, RegistryOptions options) {
    this.engine = engine;
    this.observers = observers;
    this.options = options;
  }

  @Override
  public Registration register(ServiceInstance instance) {
    DesiredRegistration registration =
        new DesiredRegistration(engine, instance, observers, options.grace());
    engine.begin(registration);
    return registration;
  }

  @Override
  public ServiceView discover(String service) {
    ServicePlace place = new ServicePlace(engine.client(), service);
    Optional<ViewFile> file =
        options.files().map(folder -> new ViewFile(folder, place.service(), options.maxFileAge()));
    FollowedView view =
        new FollowedView(service, engine, observers, options.rule().get(), file);
    engine.follow(place, view);
    return view;
  }

  @Override
  public String toString() {
    return "ServiceRegistry of " + engine.client();
  }
}
