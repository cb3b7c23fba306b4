package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.testkit.Fault;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A provider that ends a registration while everything breaks: it stays ended. */
class DrainFaultsIT extends RegistryCase {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  DrainFaultsIT() {
    super(zooKeeper);
  }

  @Test
  @Tag("full")
  void expiry_whileLeaving_isTheEnd() throws Exception {
    Party provider = join();
    Registration registration = provider.registry.register(instance(1)).awaitRegistered(LONG);
    CompletableFuture<Void> gone = registration.drain(Duration.ofDays(1));
    provider.proxy.resetCounters();
    provider.expire();
    gone.get(10, java.util.concurrent.TimeUnit.SECONDS);
    provider.client.awaitConnected(LONG);
    provider.settle();
    assertThat(registration.status()).isEqualTo(RegistrationStatus.GONE);
    assertThat(provider.proxy.requests(Op.CREATE2)).isZero();
    assertThat(nodes()).isEmpty();
  }

  @Test
  @Tag("full")
  void drain_answerOfTheCreateLost_leavesNoNode() throws Exception {
    Party provider = join();
    makeFolders(provider);
    Fault fault = provider.proxy.cutAfter(Op.CREATE2, 1);
    Registration registration = provider.registry.register(instance(2));
    assertThat(fault.await(LONG)).isTrue();
    await().until(() -> nodes().size() == 1);
    CompletableFuture<Void> gone = registration.drain(Duration.ZERO);
    gone.get(10, java.util.concurrent.TimeUnit.SECONDS);
    assertThat(nodes()).isEmpty();
    assertThat(provider.recorded.count("registered i2")).isZero();
  }

  @Test
  @Tag("full")
  void drain_createNeverArrived_leavesNoNode() throws Exception {
    Party provider = join();
    makeFolders(provider);
    Fault fault = provider.proxy.cutBefore(Op.CREATE2, 1);
    Registration registration = provider.registry.register(instance(2));
    assertThat(fault.await(LONG)).isTrue();
    provider.proxy.resetCounters();
    registration.drain(Duration.ZERO).get(10, java.util.concurrent.TimeUnit.SECONDS);
    provider.settle();
    assertThat(provider.proxy.requests(Op.CREATE2)).isZero();
    assertThat(nodes()).isEmpty();
  }

  @Test
  @Tag("full")
  void drain_atRandomMomentsOfARegistration_isNeverTakenBack() throws Exception {
    long seed = Long.getLong("zookit.seed", System.identityHashCode(this));
    System.out.println("seed=" + seed);
    Random random = new Random(seed);
    List<Party> providers = List.of(join(), join(), join(), join());
    for (int round = 0; round < 3; round++) {
      List<CompletableFuture<Void>> ends = new ArrayList<>();
      for (Party provider : providers) {
        List<Registration> mine = registerSome(provider, random);
        breakSomehow(provider, random);
        for (Registration registration : mine) {
          linger(random.nextInt(20));
          ends.add(registration.drain(Duration.ofMillis(random.nextInt(3))));
        }
      }
      for (CompletableFuture<Void> end : ends) {
        end.get(20, java.util.concurrent.TimeUnit.SECONDS);
      }
      for (Party provider : providers) {
        provider.proxy.heal();
        provider.client.awaitConnected(LONG);
        provider.settle();
      }
      assertThat(nodes()).as("seed=%d round=%d", seed, round).isEmpty();
    }
  }

  private List<Registration> registerSome(Party provider, Random random) throws Exception {
    List<Registration> some = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      some.add(provider.registry.register(instance(random.nextInt(1000))));
    }
    if (random.nextBoolean()) {
      awaitAll(some);
    }
    return some;
  }

  private void breakSomehow(Party provider, Random random) {
    switch (random.nextInt(6)) {
      case 0 -> provider.expire();
      case 1 -> provider.expireOnClient();
      case 2 -> provider.blip();
      case 3 -> provider.proxy.cutAfter(Op.CREATE2, 1 + random.nextInt(3));
      case 4 -> provider.proxy.cutBefore(Op.SET_DATA, 1 + random.nextInt(3));
      default -> provider.proxy.cutAfter(Op.DELETE, 1 + random.nextInt(3));
    }
  }

  /** Lets others run for a while that differs. */
  private void linger(int turns) {
    for (int i = 0; i < turns; i++) {
      nodes();
    }
  }
}
