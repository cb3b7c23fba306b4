package io.zookit.registry;

import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle.Node;
import io.zookit.registry.health.Vitals;
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
    return register(instance, Vitals.NONE);
  }

  @Override
  public Registration register(ServiceInstance wanted, Vitals vitals) {
    ServiceInstance instance =
        vitals.checks().isEmpty() ? wanted : wanted.withStatus(InstanceStatus.DOWN);
    DesiredRegistration registration =
        new DesiredRegistration(engine, instance, observers, options.grace(), vitals);
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
    engine.follow(place, view, options);
    return view;
  }

  @Override
  public List<String> services() throws InterruptedException {
    return new StoredUpkeep(engine).services();
  }

  @Override
  public Upkeep upkeep() {
    return new StoredUpkeep(engine);
  }

  @Override
  public PolicyBook policy(String service) {
    return new StoredPolicyBook(engine, new ServicePlace(engine.client(), service));
  }

  @Override
  public Policies policies() throws InterruptedException {
    return new StoredUpkeep(engine).policies();
  }

  @Override
  public List<ConsumerBeacon> consumers(String service) throws InterruptedException {
    ServicePlace place = new ServicePlace(engine.client(), service);
    Answer<List<String>> names =
        engine.ask((handle, reply) -> handle.list(place.consumers(), reply));
    List<ConsumerBeacon> beacons = new ArrayList<>();
    for (String name : names.isOk() ? names.get() : List.<String>of()) {
      Answer<Node> read =
          engine.ask((handle, reply) -> handle.getData(place.consumers().own(name), null, reply));
      if (read.isOk()) {
        beacons.add(StoredBeacon.decode(name, read.get().data()));
      }
    }
    if (!names.isOk() && names.code() != Code.NONODE) {
      throw new ZkUnavailableException(
          "consumers of service " + service + ": ZooKeeper answered " + names.code());
    }
    return List.copyOf(beacons);
  }

  @Override
  public String toString() {
    return "ServiceRegistry of " + engine.client();
  }
}
