package io.zookit.registry.internal;

import io.zookit.registry.ChangeCause;
import io.zookit.registry.Registration;
import io.zookit.registry.RegistrationStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceListener;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** One process of a simulation: registers instances, ends them at any moment, and follows their service. */
final class RegistryUser {

  private static final int MOST_OPEN = 4;
  private static final int SHARED_IDS = 3;

  /** One registration, and whether its user has ended it. */
  static final class HeldRegistration {
    final Registration registration;
    final String address;
    CompletableFuture<Void> end = new CompletableFuture<>();
    boolean ended;

    HeldRegistration(Registration registration) {
      this.registration = registration;
      this.address = registration.instance().address();
    }

    @Override
    public String toString() {
      return registration.instance() + " " + registration.status() + (ended ? " ended" : "");
    }
  }

  private final SimulatedClient client;
  private final VirtualTime time;
  private final ServiceRegistry registry;
  private final RegistryTruth truth;
  private final Consumer<String> findings;
  private final List<HeldRegistration> registered = new ArrayList<>();
  private final TreeMap<String, ServiceInstance> folded = new TreeMap<>();
  private final Set<String> departed = new HashSet<>();
  private final ServiceView view;
  private List<ServiceInstance> lastShown = List.of();
  private int ports;

  RegistryUser(
      SimulatedClient client,
      VirtualTime time,
      String service,
      RegistryTruth truth,
      Consumer<String> findings) {
    this.client = client;
    this.time = time;
    this.registry = ServiceRegistry.in(client);
    this.truth = truth;
    this.findings = findings;
    this.view = registry.discover(service);
    view.subscribe(new Folding());
  }

  /** Applies what it is notified of, which must lead from each list to the next. */
  private final class Folding implements ServiceListener {

    @Override
    public void onAdded(ServiceInstance instance, ChangeCause cause) {
      requireNotDeparted(instance);
      if (folded.put(instance.id(), instance) != null) {
        findings.accept(client.label() + " is notified of an instance twice: " + instance);
      }
    }

    @Override
    public void onChanged(ServiceInstance before, ServiceInstance after, ChangeCause cause) {
      requireNotDeparted(after);
      if (!before.equals(folded.put(after.id(), after))) {
        findings.accept(client.label() + " is notified of a change of what it does not know: "
            + before + " to " + after);
      }
    }

    @Override
    public void onRemoved(ServiceInstance last, ChangeCause cause) {
      if (cause == ChangeCause.LEFT) {
        departed.add(last.address());
      }
      if (!Objects.equals(last, folded.remove(last.id()))) {
        findings.accept(
            client.label() + " is notified of the end of what it does not know: " + last);
      }
    }

    /** A view never goes back in time, also when its next session is at a server that lags. */
    private void requireNotDeparted(ServiceInstance instance) {
      if (departed.contains(instance.address())) {
        findings.accept(client.label() + " shows what has left before: " + instance);
      }
    }
  }

  SimulatedClient client() {
    return client;
  }

  ServiceView view() {
    return view;
  }

  List<HeldRegistration> registered() {
    return registered;
  }

  boolean isGone() {
    return client.process().isKilled();
  }

  /** Does something at random. */
  void act() {
    List<HeldRegistration> open =
        registered.stream().filter(each -> !each.ended).toList();
    int choice = time.below(10);
    if (open.isEmpty() || (choice < 4 && open.size() < MOST_OPEN)) {
      register();
    } else if (choice < 6) {
      HeldRegistration one = open.get(time.below(open.size()));
      one.registration.update(instance -> instance.withWeight(1 + time.below(9)));
    } else if (choice < 9) {
      end(open.get(time.below(open.size())));
    }
  }

  private void register() {
    String own = client.label();
    ServiceInstance instance = ServiceInstance.at(view.service(), own, 1000 + ports)
        .withId(time.chance(0.2) ? "shared-" + time.below(SHARED_IDS) : own + "-" + ports);
    ports++;
    HeldRegistration one = new HeldRegistration(registry.register(instance));
    registered.add(one);
    if (time.chance(0.3)) { // at any moment, also before there is an answer
      client.process().within(0, 200 * VirtualTime.MILLI, () -> end(one));
    }
  }

  private void end(HeldRegistration one) {
    if (!one.ended) {
      one.ended = true;
      Duration grace = time.chance(0.3) ? Duration.ZERO : Duration.ofMillis(time.below(3_000));
      one.end = one.registration.drain(grace);
    }
  }

  /** Nothing that has not said goodbye may be missing from a view that has become empty. */
  void requireShown() {
    List<ServiceInstance> shown = view.latest().orElse(List.of());
    if (shown.isEmpty()) {
      for (ServiceInstance last : lastShown) {
        if (!truth.hasSaidGoodbye(last.address())) {
          findings.accept(client.label() + " shows nothing, and " + last + " has not said goodbye");
        }
      }
    }
    lastShown = shown;
  }

  boolean isSettled() {
    return registered.stream().allMatch(RegistryUser::isSettled) && showsTruth();
  }

  private static boolean isSettled(HeldRegistration one) {
    return one.ended ? one.end.isDone() : one.registration.status() != RegistrationStatus.PENDING;
  }

  private boolean showsTruth() {
    List<ServiceInstance> shown = new ArrayList<>(view.latest().orElse(List.of()));
    view.vanished().forEach(shown::remove);
    return view.age().isZero() && shown.equals(truth.instances());
  }

  /** The final state: of each registration exactly one node, or none if it has ended; the view is the truth. */
  void requireServed() {
    for (HeldRegistration one : registered) {
      List<RegistryTruth.InstanceNode> nodes = truth.at(one.address);
      RegistrationStatus status = one.registration.status();
      if (one.ended && (status != RegistrationStatus.GONE || !nodes.isEmpty())) {
        findings.accept("not gone: " + one + ", nodes " + nodes);
      } else if (!one.ended && status == RegistrationStatus.REGISTERED) {
        requireOwned(one, nodes);
      } else if (!one.ended && (status != RegistrationStatus.CONFLICT || nodes.size() > 1)) {
        findings.accept("not registered: " + one + ", nodes " + nodes + ", " + client);
      }
    }
    if (!showsTruth()) {
      findings.accept(client.label() + " shows " + view.latest() + " of age " + view.age()
          + ", vanished " + view.vanished() + ", in ZooKeeper are " + truth.instances());
    } else if (!List.copyOf(folded.values()).equals(view.latest().orElse(List.of()))) {
      findings.accept(
          client.label() + " was notified of " + folded.values() + " and shows " + view.latest());
    }
  }

  private void requireOwned(HeldRegistration one, List<RegistryTruth.InstanceNode> nodes) {
    long session = client.simulatedHandle().map(handle -> handle.sessionId()).orElse(0L);
    if (nodes.size() != 1
        || nodes.get(0).session() != session
        || !nodes.get(0).instance().equals(one.registration.instance())) {
      findings.accept(
          "not exactly one node of its own: " + one + ", nodes " + nodes + ", " + client);
    }
  }
}
