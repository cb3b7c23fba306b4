package io.zookit.lock.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.DistributedReadWriteLock;
import io.zookit.lock.DistributedSemaphore;
import io.zookit.lock.Lease;
import io.zookit.lock.LockWorld;
import io.zookit.lock.MultiLockBuilder;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Looking, asking and breaking, with real holders. */
@Tag("full")
class LockInspectorIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final ZkClient one = world.client("one");
  private final ZkClient two = world.client("two");
  private final LockInspector inspector = LockInspector.in(world.client("operator"));

  @Test
  void list_locksThatAreUsed_areNamedInOrderAndFreeOnesAreNot() throws Exception {
    assertThat(inspector.list()).isEmpty();
    DistributedLock.named("was/used", one).acquire().close();
    Lease plain = DistributedLock.named("stock/sku-42", one).acquire();
    Lease outer = DistributedLock.named("stock", two).acquire();
    Lease permit = DistributedSemaphore.named("gate", 2, two).acquire(1, LockWorld.LONG);
    world.awaitQueue("was/used", 0);
    assertThat(inspector.list()).containsExactly("gate", "stock", "stock/sku-42");
    List.of(plain, outer, permit).forEach(Lease::close);
  }

  @Test
  @Tag("full")
  void list_moreLocksThanAreReadAtATime_findsAndShowsAll() throws Exception {
    MultiLockBuilder many = DistributedLock.several(one);
    for (int i = 0; i < 300; i++) {
      many.exclusive("many/m" + i);
    }
    Lease all = many.build().acquire(LockWorld.LONG);
    List<String> names = inspector.list();
    assertThat(names).hasSize(300).isSorted();
    assertThat(inspector.showAll(names)).extracting(LockReport::name).isEqualTo(names);
    assertThat(inspector.showAll(List.of("free", "many/m0")))
        .extracting(LockReport::name)
        .containsExactly("many/m0");
    all.close();
  }

  @Test
  void show_holderAndWaiter_tellsWhoAndWithWhichToken() throws Exception {
    Lease held = DistributedLock.named("a", one).acquire();
    CompletableFuture<Lease> waiting = DistributedLock.named("a", two).acquireAsync();
    world.awaitQueue("a", 2);
    LockReport report = inspector.show("a");
    assertThat(report.name()).isEqualTo("a");
    assertThat(report.permits()).isEmpty();
    assertThat(report.sequencesLeft()).isGreaterThan(2_000_000_000L);
    assertThat(report.holders()).singleElement().satisfies(holder -> {
      assertThat(holder.token()).isEqualTo(held.token());
      assertThat(holder.mode()).isEqualTo(LockReport.Mode.EXCLUSIVE);
      assertThat(holder.owner()).contains(owner("one"));
      assertThat(holder.revoke()).isEmpty();
    });
    assertThat(report.waiters())
        .singleElement()
        .satisfies(waiter -> assertThat(waiter.owner()).contains(owner("two")));
    held.close();
    held.released().get(20, TimeUnit.SECONDS);
    LockReport after = inspector.show("a");
    Lease next = waiting.get(20, TimeUnit.SECONDS);
    assertThat(after.holders()).extracting(LockReport.Entry::token).containsExactly(next.token());
    next.close();
  }

  private static LockReport.Owner owner(String label) {
    return new LockReport.Owner(label, ProcessHandle.current().pid(), Optional.empty());
  }

  @Test
  void show_nobody_isNotFound() throws Exception {
    DistributedLock.named("free", one).acquire().close();
    world.awaitQueue("free", 0);
    for (String name : List.of("free", "never/used")) {
      assertThatThrownBy(() -> inspector.show(name))
          .isInstanceOf(LockNotFoundException.class)
          .hasMessage("lock " + name + ": it has neither holders nor waiters");
    }
  }

  @Test
  void show_badName_isRefusedBeforeAnyRequest() {
    assertThatThrownBy(() -> inspector.show("a//b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lock: \"a//b\" (expected: ");
  }

  @Test
  void show_idleSemaphore_tellsItsMaximum() throws Exception {
    DistributedSemaphore.named("s", 4, one).acquire(3, LockWorld.LONG).close();
    world.awaitQueue("s", 0);
    LockReport report = inspector.show("s");
    assertThat(report.entries()).isEmpty();
    assertThat(report.permits()).contains(new LockReport.Permits(4, 0, 0));
  }

  @Test
  void show_semaphoreThatShrank_countsWhatIsTooMuch() throws Exception {
    DistributedSemaphore semaphore = DistributedSemaphore.named("s", 4, one);
    Lease first = semaphore.acquire(2, LockWorld.LONG);
    CompletableFuture<Lease> waited =
        DistributedSemaphore.named("s", 4, two).permits(3).acquireAsync();
    world.awaitQueue("s", 2);
    assertThat(inspector.show("s").waiters()).hasSize(1);
    semaphore.changeMaximum(5).get(20, TimeUnit.SECONDS);
    Lease second = waited.get(20, TimeUnit.SECONDS);
    semaphore.changeMaximum(3).get(20, TimeUnit.SECONDS);
    await()
        .untilAsserted(() ->
            assertThat(inspector.show("s").permits()).contains(new LockReport.Permits(3, 5, 0)));
    assertThat(inspector.show("s").permits().orElseThrow().overCommit()).isEqualTo(2);
    first.close();
    second.close();
  }

  @Test
  void show_readersBesideADowngradedWriter_hold() throws Exception {
    DistributedReadWriteLock lock = DistributedReadWriteLock.named("rw", one);
    Lease writer = lock.writeLock().acquire();
    CompletableFuture<Lease> reader =
        DistributedReadWriteLock.named("rw", two).readLock().acquireAsync();
    world.awaitQueue("rw", 2);
    assertThat(inspector.show("rw").waiters()).hasSize(1);
    lock.downgrade(writer);
    Lease read = reader.get(20, TimeUnit.SECONDS);
    assertThat(inspector.show("rw").holders()).hasSize(2);
    writer.close();
    read.close();
  }

  @Test
  void revoke_heldLock_theHolderHearsTheReasonAndKeepsIt() throws Exception {
    Lease held = DistributedLock.named("a", one).acquire();
    CompletableFuture<Lease> waiting = DistributedLock.named("a", two).acquireAsync();
    CompletableFuture<String> heard = new CompletableFuture<>();
    held.onRevoked(heard::complete);
    world.awaitQueue("a", 2);
    assertThat(inspector.revoke("a", "maintenance at noon"))
        .extracting(LockReport.Entry::token)
        .containsExactly(held.token());
    assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualTo("maintenance at noon");
    assertThat(held.isValid()).isTrue();
    assertThat(inspector.show("a").entries())
        .extracting(LockReport.Entry::revoke)
        .containsExactly(Optional.of("maintenance at noon"), Optional.empty());
    held.close();
    waiting.get(20, TimeUnit.SECONDS).close();
  }

  @Test
  @Tag("full")
  void revoke_holderWritesItsNodeAfterwards_staysInTheReport() throws Exception {
    DistributedReadWriteLock lock = DistributedReadWriteLock.named("rw", one);
    Lease held = lock.writeLock().acquire();
    CompletableFuture<String> heard = new CompletableFuture<>();
    held.onRevoked(heard::complete);
    inspector.revoke("rw", "maintenance at noon");
    assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualTo("maintenance at noon");
    lock.downgrade(held);
    Lease reader = DistributedReadWriteLock.named("rw", two).readLock().acquire(LockWorld.LONG);
    assertThat(inspector.show("rw").entries())
        .extracting(LockReport.Entry::revoke)
        .containsExactly(Optional.of("maintenance at noon"), Optional.empty());
    reader.close();
    held.close();
  }

  @Test
  void revoke_nobody_isNotFound() {
    assertThatThrownBy(() -> inspector.revoke("a", "why"))
        .isInstanceOf(LockNotFoundException.class)
        .hasMessage("lock a: no holder is known");
  }

  @Test
  void revoke_badReason_isRefusedBeforeAnyRequest() {
    for (String reason : List.of("", " ", "x".repeat(257), "a\u001b[2J")) {
      assertThatThrownBy(() -> inspector.revoke("a", reason))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "reason: " + reason.length() + " characters (expected: 1 to 256 printable ones)");
    }
  }

  @Test
  void revoke_holderOfAnUnknownVersion_isNotOverwritten() throws Exception {
    DistributedLock.named("a", one).acquire().close();
    world.awaitQueue("a", 0);
    byte[] data = "{\"v\":9,\"r\":9}".getBytes(StandardCharsets.UTF_8);
    try (ZooKeeper raw = raw()) {
      String node = raw.create(
          world.queuePath("a") + "/zfuture1-",
          data,
          ZooDefs.Ids.OPEN_ACL_UNSAFE,
          CreateMode.EPHEMERAL_SEQUENTIAL);
      assertThatThrownBy(() -> inspector.revoke("a", "why"))
          .isInstanceOf(ZkException.class)
          .hasMessageEndingWith("it was not asked");
      assertThat(raw.getData(node, false, null)).isEqualTo(data);
      assertThat(inspector.show("a").entries().get(0).owner()).isEmpty();
    }
  }

  @Test
  @Tag("full")
  void show_noAnswer_isUnavailableAfterThePatience() {
    FaultProxy proxy = world.proxy();
    LockInspector cut = LockInspector.in(world.client("cut", proxy, Duration.ofSeconds(30)))
        .withPatience(Duration.ofMillis(100));
    proxy.blackHole();
    assertThatThrownBy(() -> cut.show("a"))
        .isInstanceOf(ZkUnavailableException.class)
        .hasMessage(
            "looking at lock a: no answer from ZooKeeper within PT0.1S; nothing was changed");
    assertThatThrownBy(() -> cut.breakLock("a"))
        .isInstanceOf(ZkUnavailableException.class)
        .hasMessageEndingWith("the outcome is unknown");
    proxy.heal();
  }

  @Test
  void show_notConnected_isUnavailableAtOnce() {
    FaultProxy proxy = world.proxy();
    ZkClient client = world.client("cut", proxy, Duration.ofSeconds(30));
    LockInspector cut = LockInspector.in(client);
    proxy.refuse();
    proxy.cut();
    await()
        .atMost(LockWorld.LONG)
        .untilAsserted(() -> assertThatThrownBy(() -> cut.show("a"))
            .isInstanceOf(ZkUnavailableException.class)
            .hasMessage("lock a: not connected; nothing was sent"));
  }

  private ZooKeeper raw() throws Exception {
    ZooKeeper raw = new ZooKeeper(zooKeeper.connectString(), 10_000, event -> {});
    await().until(() -> raw.getState().isConnected());
    return raw;
  }
}
