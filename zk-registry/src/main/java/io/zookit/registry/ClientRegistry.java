package io.zookit.registry;

import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle.Node;
import io.zookit.registry.health.HealthOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.KeeperException.Code;

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
    return register(instance, HealthOptions.NONE);
  }

  @Override
  public Registration register(ServiceInstance wanted, HealthOptions health) {
    ServiceInstance instance =
        health.checks().isEmpty() ? wanted : wanted.withStatus(InstanceStatus.DOWN);
    ManagedRegistration registration =
        new ManagedRegistration(engine, instance, observers, options.grace(), health);
    engine.begin(registration);
    return registration;
  }

  @Override
  public ServiceView discover(String service) {
    ServicePaths place = new ServicePaths(engine.client(), service);
    Optional<ViewFile> file =
        options.files().map(folder -> new ViewFile(folder, place.service(), options.maxFileAge()));
    LiveServiceView view =
        new LiveServiceView(service, engine, observers, options.rule().get(), file);
    engine.follow(place, view, options);
    return view;
  }

  @Override
  public List<String> services() throws InterruptedException {
    return new ZkRegistryCleaner(engine).services();
  }

  @Override
  public RegistryCleaner cleaner() {
    return new ZkRegistryCleaner(engine);
  }

  @Override
  public PolicyStore policy(String service) {
    return new ZkPolicyStore(engine, new ServicePaths(engine.client(), service));
  }

  @Override
  public Policies policies() throws InterruptedException {
    return new ZkRegistryCleaner(engine).policies();
  }

  @Override
  public List<ConsumerPresence> consumers(String service) throws InterruptedException {
    ServicePaths place = new ServicePaths(engine.client(), service);
    Answer<List<String>> names =
        engine.ask((handle, reply) -> handle.list(place.consumers(), reply));
    List<ConsumerPresence> present = new ArrayList<>();
    for (String name : names.isOk() ? names.get() : List.<String>of()) {
      Answer<Node> read =
          engine.ask((handle, reply) -> handle.getData(place.consumers().own(name), null, reply));
      if (read.isOk()) {
        present.add(StoredPresence.decode(name, read.get().data()));
      }
    }
    if (!names.isOk() && names.code() != Code.NONODE) {
      throw new ZkUnavailableException(
          "consumers of service " + service + ": ZooKeeper answered " + names.code());
    }
    return List.copyOf(present);
  }

  @Override
  public String toString() {
    return "ServiceRegistry of " + engine.client();
  }
}
