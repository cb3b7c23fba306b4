package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Fifty instances, three observers, random faults on all sides: afterwards every view, and what its listeners were told, is what was wanted. */
class RegistryChaosIT extends RegistryCase {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final int ROUNDS = 8;
  private static final Duration HEALED = Duration.ofSeconds(30);

  private final long seed = Long.getLong("zookit.seed", System.identityHashCode(this));
  private final Random random = new Random(seed);
  private final Map<String, ServiceInstance> wanted = new TreeMap<>();
  private final Map<String, Registration> registrations = new HashMap<>();
  private final AtomicBoolean emptied = new AtomicBoolean();

  RegistryChaosIT() {
    super(zooKeeper);
  }

  /** A view, and the instances its listener has been told of. */
  private record Observed(ServiceView view, Map<String, ServiceInstance> told) {}

  @Test
  void views_afterRandomFaults_areWhatIsWanted() throws Exception {
    System.out.println("seed=" + seed);
    List<Party> providers = List.of(join(Duration.ZERO), join(Duration.ZERO), join(Duration.ZERO));
    List<Party> consumers = List.of(join(), join(), join());
    for (int i = 0; i < 50; i++) {
      register(providers.get(i % 3), i);
    }
    for (Registration registration : registrations.values()) {
      registration.awaitRegistered(LONG);
    }
    List<Observed> observed = new ArrayList<>();
    for (Party consumer : consumers) {
      observed.add(observe(consumer));
    }
    for (int round = 0; round < ROUNDS; round++) {
      fault(round, providers, consumers);
      for (int i = random.nextInt(4); i > 0; i--) {
        change(providers.get(random.nextInt(3)));
      }
      providers.forEach(party -> party.proxy.heal());
      consumers.forEach(party -> party.proxy.heal());
      check(observed, "seed=" + seed + " round=" + round);
    }
    assertThat(emptied).as("seed=%d", seed).isFalse();
  }

  private Observed observe(Party consumer) throws InterruptedException {
    Map<String, ServiceInstance> told = new ConcurrentSkipListMap<>();
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    view.subscribe(instances -> emptied.compareAndSet(false, instances.isEmpty()));
    view.subscribe(new ServiceListener() {
      @Override
      public void onAdded(ServiceInstance instance, ChangeCause cause) {
        told.put(instance.id(), instance);
      }

      @Override
      public void onChanged(ServiceInstance before, ServiceInstance after, ChangeCause cause) {
        told.replace(after.id(), before, after);
      }

      @Override
      public void onRemoved(ServiceInstance last, ChangeCause cause) {
        told.remove(last.id(), last);
      }
    });
    return new Observed(view, told);
  }

  private void check(List<Observed> observed, String when) {
    await(when).atMost(HEALED).untilAsserted(() -> {
      assertThat(ids()).containsExactlyInAnyOrderElementsOf(wanted.keySet());
      for (Observed each : observed) {
        assertThat(each.view.age()).isZero();
        assertThat(each.view.current()).containsExactlyElementsOf(wanted.values());
        assertThat(each.view.choose()).isIn(wanted.values());
        assertThat(each.told).isEqualTo(wanted);
      }
    });
  }

  private void fault(int round, List<Party> providers, List<Party> consumers) {
    Party provider = providers.get(random.nextInt(3));
    Party consumer = consumers.get(random.nextInt(3));
    switch (round % ROUNDS) {
      case 0 -> provider.expire();
      case 1 -> consumer.expire();
      case 2 -> {
        consumer.proxy.refuse();
        consumer.blip();
      }
      case 3 -> server.restart();
      case 4 -> provider.proxy.cutAfter(Op.CREATE2, 1);
      case 5 -> consumer.proxy.cutBefore(Op.MULTI_READ, 1);
      case 6 -> provider.expireOnClient();
      default -> {
        provider.blip();
        consumer.blip();
      }
    }
  }

  private void change(Party provider) throws InterruptedException {
    int number = random.nextInt(60);
    String id = "i" + number;
    Registration known = registrations.get(id);
    if (known == null) {
      register(provider, number);
    } else if (random.nextBoolean() && wanted.size() > 40) {
      known.drain(Duration.ofMillis(random.nextInt(50)));
      registrations.remove(id);
      wanted.remove(id);
    } else {
      int weight = random.nextInt(1000);
      wanted.put(id, known.update(old -> old.withWeight(weight)));
    }
  }

  private void register(Party provider, int number) {
    Registration registration = provider.registry.register(instance(number));
    registrations.put(registration.instance().id(), registration);
    wanted.put(registration.instance().id(), registration.instance());
  }
}
