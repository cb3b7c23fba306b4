package io.zookit.registry.internal;

import io.zookit.core.LiveValue;
import io.zookit.registry.ConsumerPresence;
import io.zookit.registry.HeartbeatReport;
import io.zookit.registry.InstanceStatus;
import io.zookit.registry.PolicyStore;
import io.zookit.registry.Registration;
import io.zookit.registry.RegistryCleaner;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceSummary;
import io.zookit.registry.ServiceView;
import io.zookit.registry.health.HealthOptions;
import io.zookit.registry.internal.consumer.LiveServiceView;
import io.zookit.registry.internal.consumer.ViewFile;
import io.zookit.registry.internal.provider.ManagedRegistration;
import io.zookit.registry.internal.runtime.RegistryObservers;
import io.zookit.registry.internal.runtime.RegistryOptions;
import io.zookit.registry.internal.store.ServicePaths;
import io.zookit.registry.internal.upkeep.ServiceListings;
import io.zookit.registry.internal.upkeep.ZkPolicyStore;
import io.zookit.registry.internal.upkeep.ZkRegistryCleaner;
import java.util.List;
import java.util.Optional;

/** The registry as its users see it: hands everything to the client's engine. */
public final class ClientRegistry implements ServiceRegistry {

  private final RegistryEngine engine;
  private final ServiceListings listings;
  private final RegistryObservers observers;
  private final RegistryOptions options;

  public ClientRegistry(
      RegistryEngine engine, RegistryObservers observers, RegistryOptions options) {
    this.engine = engine;
    this.listings = new ServiceListings(engine.runtime());
    this.observers = observers;
    this.options = options;
  }

  @Override
  public Registration register(ServiceInstance instance) {
    return register(instance, HealthOptions.NONE);
  }

  @Override
  public Registration register(ServiceInstance wanted, HealthOptions health) {
    ServiceInstance instance =
        health.checks().isEmpty() ? wanted : wanted.withStatus(InstanceStatus.DOWN);
    ManagedRegistration registration =
        new ManagedRegistration(engine.runtime(), instance, observers, options.grace(), health);
    engine.providers().begin(registration);
    return registration;
  }

  @Override
  public ServiceView discover(String service) {
    ServicePaths place = new ServicePaths(engine.runtime().client(), service);
    Optional<ViewFile> file =
        options.files().map(folder -> new ViewFile(folder, place.service(), options.maxFileAge()));
    LiveServiceView view = new LiveServiceView(
        service, engine.watchers(), observers, options.rule().get(), file);
    engine.watchers().follow(place, view, options);
    return view;
  }

  @Override
  public List<String> services() throws InterruptedException {
    return listings.services();
  }

  @Override
  public LiveValue<List<ServiceSummary>> overview() {
    return engine.overview().open();
  }

  @Override
  public RegistryCleaner cleaner() {
    return new ZkRegistryCleaner(engine.runtime());
  }

  @Override
  public PolicyStore policy(String service) {
    return new ZkPolicyStore(
        engine.runtime(), new ServicePaths(engine.runtime().client(), service));
  }

  @Override
  public Policies policies() throws InterruptedException {
    return listings.policies();
  }

  @Override
  public List<ConsumerPresence> consumers(String service) throws InterruptedException {
    return listings.consumers(new ServicePaths(engine.runtime().client(), service));
  }

  @Override
  public List<HeartbeatReport> heartbeats(String service) throws InterruptedException {
    return listings.heartbeats(new ServicePaths(engine.runtime().client(), service));
  }

  @Override
  public String toString() {
    return "ServiceRegistry of " + engine.runtime().client();
  }
}
