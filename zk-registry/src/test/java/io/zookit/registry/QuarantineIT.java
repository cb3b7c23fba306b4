package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.registry.balance.Balancer;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Instances that vanish without a goodbye. */
@Tag("full")
class QuarantineIT extends RegistryCase {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  QuarantineIT() {
    super(zooKeeper);
  }

  @Test
  @Tag("full")
  void sessionOfAllInstances_expires_viewIsNeverEmptyAndTheyComeBack() throws Exception {
    Party provider = join();
    registerMany(provider, 20);
    ServiceView view = join().registry.discover(SERVICE).awaitReady(LONG);
    Recorded told = new Recorded();
    AtomicBoolean emptied = new AtomicBoolean();
    view.subscribe(told);
    view.subscribe(instances -> emptied.compareAndSet(false, instances.isEmpty()));
    await().atMost(PATIENCE).until(() -> told.count("added") == 20);
    long session = provider.zooKeeper().getSessionId();
    provider.proxy.refuse();
    provider.blip();
    server.expire(session);
    await().atMost(PATIENCE).until(() -> view.vanished().size() == 20);
    assertThat(view.current()).hasSize(20);
    assertThat(view.choose()).isNotNull();
    provider.proxy.heal();
    await().atMost(PATIENCE).until(() -> view.vanished().isEmpty() && nodes().size() == 20);
    // When the first ten are back the panic is over, and the others are out of rotation until they
    // are back, too.
    await().atMost(PATIENCE).until(() -> told.count("changed") + told.count("added") >= 40);
    assertThat(view.current()).hasSize(20);
    assertThat(told.count("removed")).isLessThanOrEqualTo(10);
    assertThat(emptied).isFalse();
    assertThat(view.explain("i3").events())
        .extracting(InstanceReport.Event::what)
        .anyMatch(what -> what.startsWith("vanished"));
  }

  @Test
  void allInstances_endInOrder_emptyTheView() throws Exception {
    Party provider = join();
    List<Registration> all = registerMany(provider, 5);
    ServiceView view = join().registry.discover(SERVICE).awaitReady(LONG);
    assertThat(view.current()).hasSize(5);
    all.forEach(each -> each.drain(Duration.ofMillis(300)));
    await().atMost(PATIENCE).until(() -> view.current().isEmpty());
    assertThat(view.vanished()).isEmpty();
  }

  @Test
  void failingInstance_isEjected_andOthersAreCalled() throws Exception {
    registerMany(join(), 4);
    ServiceView view = join().registry.discover(SERVICE).awaitReady(LONG);
    int failed = 0;
    while (view.explain("i2").standing().equals("in rotation") && failed < 1_000) {
      try (Pick pick = view.pick(Balancer.roundRobin())) {
        if (pick.instance().id().equals("i2")) {
          failed++;
          pick.failed();
        } else {
          pick.succeeded();
        }
      }
    }
    await().atMost(PATIENCE).until(() -> view.explain("i2").standing().startsWith("ejected after"));
    for (int i = 0; i < 100; i++) {
      assertThat(view.choose().id()).isNotEqualTo("i2");
    }
    assertThat(view.current()).hasSize(4);
    PickReport report = view.explainPick("user-7");
    assertThat(report.rule()).isEqualTo("adaptive");
    assertThat(report.chosen()).isPresent();
    assertThat(report.lines()).hasSize(4).anySatisfy(line -> {
      assertThat(line.id()).isEqualTo("i2");
      assertThat(line.usable()).isFalse();
      assertThat(line.reason()).startsWith("ejected after");
    });
  }
}
