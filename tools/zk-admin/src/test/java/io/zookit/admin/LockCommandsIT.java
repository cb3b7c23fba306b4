package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.DistributedSemaphore;
import io.zookit.lock.Lease;
import io.zookit.lock.LeaseState;
import io.zookit.lock.NumberedLease;
import io.zookit.lock.NumberedLeases;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code zookit lock} with real holders. */
class LockCommandsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @TempDir
  private Path home;

  private ZkClient one;
  private ZkClient two;
  private Desk desk;

  @BeforeEach
  void open() {
    String root = zooKeeper.freshRoot();
    one = client(root, "one");
    two = client(root, "two");
    desk = new Desk(home).with("ZOOKIT_CONNECT", zooKeeper.connectString());
  }

  private static ZkClient client(String root, String label) {
    return ZkClient.builder(zooKeeper.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .label(label)
        .connect();
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  private Outcome zookit(String command) {
    return desk.type(command + " --root " + one.root());
  }

  private void awaitWaiting(String lock, int waiting) {
    await()
        .atMost(Desk.LONG)
        .until(() -> LockInspector.in(two).show(lock).waiters().size() == waiting);
  }

  @Test
  void list_nobody_isEmptyInEveryForm() {
    assertThat(zookit("lock list"))
        .isEqualTo(new Outcome(0, "NAME   HELD BY   FOR   WAITING   PERMITS\n", ""));
    assertThat(zookit("lock list -o json").out()).isEqualTo("[]\n");
    assertThat(zookit("lock list -o yaml").out()).isEqualTo("[]\n");
    assertThat(zookit("lock list -o name").out()).isEmpty();
  }

  @Test
  void list_severalLocks_isGoldenInEveryForm() throws Exception {
    try (Lease plain = DistributedLock.named("stock/sku-42", one).acquire();
        Lease permits = DistributedSemaphore.named("gate", 3, two).acquire(2, Desk.LONG)) {
      CompletableFuture<Lease> waiting =
          DistributedLock.named("stock/sku-42", two).acquireAsync();
      awaitWaiting("stock/sku-42", 1);
      Golden.check("lock/list.txt", zookit("lock list").out());
      Golden.check("lock/list.json", zookit("lock list -o json").out());
      Golden.check("lock/list.yaml", zookit("lock list -o yaml").out());
      Golden.check("lock/list.name", zookit("lock list -o name").out());
      assertThat(zookit("lock list stock/ -o name").out()).isEqualTo("stock/sku-42\n");
      assertThat(plain.isValid() && permits.isValid()).isTrue();
      plain.close();
      waiting.get(30, TimeUnit.SECONDS).close();
    }
  }

  @Test
  void show_heldLock_isGoldenInEveryForm() throws Exception {
    try (Lease held = DistributedLock.named("stock/sku-42", one).acquire()) {
      CompletableFuture<Lease> waiting =
          DistributedLock.named("stock/sku-42", two).acquireAsync();
      awaitWaiting("stock/sku-42", 1);
      Golden.check("lock/show.txt", zookit("lock show stock/sku-42").out());
      Golden.check("lock/show.json", zookit("lock show stock/sku-42 -o json").out());
      Golden.check("lock/show.yaml", zookit("lock show stock/sku-42 -o yaml").out());
      assertThat(zookit("lock show stock/sku-42 -o name").out()).isEqualTo("stock/sku-42\n");
      assertThat(zookit("lock show stock/sku-42 -o json").out())
          .contains("\"token\": \"" + held.token() + "\"");
      held.close();
      waiting.get(30, TimeUnit.SECONDS).close();
    }
  }

  @Test
  void show_semaphore_tellsItsPermits() throws Exception {
    try (Lease held = DistributedSemaphore.named("gate", 3, one).acquire(2, Desk.LONG)) {
      Golden.check("lock/show-semaphore.txt", zookit("lock show gate").out());
      assertThat(held.isValid()).isTrue();
    }
  }

  @Test
  void show_numberedLeases_tellsTheNumbers() throws Exception {
    NumberedLeases workers = NumberedLeases.named("workers", 1, one);
    try (Lease held = workers.acquire(Desk.LONG)) {
      CompletableFuture<NumberedLease> waiting = workers.acquireAsync();
      awaitWaiting("workers", 1);
      Golden.check("lock/show-numbers.txt", zookit("lock show workers").out());
      assertThat(held.isValid()).isTrue();
      held.close();
      waiting.get(30, TimeUnit.SECONDS).close();
    }
  }

  @Test
  @Tag("full")
  void break_oneNumber_theOthersKeepTheirs() throws Exception {
    NumberedLeases workers = NumberedLeases.named("workers", 2, one);
    try (var first = workers.acquire(Desk.LONG);
        var second = workers.acquire(Desk.LONG)) {
      assertThat(zookit("lock break workers --yes --number 5"))
          .isEqualTo(new Outcome(3, "", "zookit: lock workers: number 5 is not held\n"));
      CompletableFuture<String> heard = new CompletableFuture<>();
      second.onRevoked(heard::complete);
      String number = " --number " + second.number();
      assertThat(zookit("lock revoke workers --reason noon" + number).code()).isZero();
      assertThat(heard.get(30, TimeUnit.SECONDS)).isEqualTo("noon");
      assertThat(LockInspector.in(two).show("workers").holders())
          .filteredOn(holder -> holder.revoke().isPresent())
          .hasSize(1);
      assertThat(zookit("lock break workers --dry-run" + number).err())
          .isEqualTo("would do: break lock workers number " + second.number() + ", held by one\n");
      assertThat(zookit("lock break workers --yes" + number).code()).isZero();
      await().atMost(Desk.LONG).until(() -> second.state() == LeaseState.LOST);
      assertThat(first.isValid()).isTrue();
    }
  }

  @Test
  void show_nobody_isNotFound() {
    assertThat(zookit("lock show free"))
        .isEqualTo(new Outcome(3, "", "zookit: lock free: it has neither holders nor waiters\n"));
  }

  @Test
  void watch_lockThatIsTakenAndFreed_isOneObjectALine() throws Exception {
    DistributedLock lock = DistributedLock.named("w", one);
    lock.acquire().close();
    Desk.Running watch = desk.start("lock watch w -o json --changes 2 --root " + one.root());
    watch.awaitLines(1);
    Lease held = lock.acquire();
    watch.awaitLines(2);
    held.close();
    Outcome ended = watch.finish();
    assertThat(ended.code()).isZero();
    assertThat(ended.out().lines()).hasSize(3);
    Golden.check("lock/watch.jsonl", ended.out());
  }

  @Test
  void watch_onTheTable_isALineEach() throws Exception {
    try (Lease held = DistributedLock.named("w", one).acquire()) {
      Desk.Running watch = desk.start("lock watch w --changes 1 --root " + one.root());
      watch.awaitLines(1);
      assertThat(zookit("lock revoke w --reason noon").code()).isZero();
      Golden.check("lock/watch.txt", watch.finish().out());
      assertThat(held.isValid()).isTrue();
    }
  }

  @Test
  void watch_interrupted_isCancelled() {
    Desk.Running watch = desk.start("lock watch w --root " + one.root()).awaitLines(1);
    Outcome ended = watch.interrupt().finish();
    assertThat(ended.code()).isEqualTo(8);
    assertThat(ended.err()).isEqualTo("zookit: interrupted\n");
  }

  @Test
  void revoke_heldLock_theHolderHearsTheReason() throws Exception {
    try (Lease held = DistributedLock.named("a", one).acquire()) {
      CompletableFuture<String> heard = new CompletableFuture<>();
      held.onRevoked(heard::complete);
      Outcome asked = desk.type(
          List.of("lock", "revoke", "a", "--reason", "maintenance at noon", "--root", one.root()));
      assertThat(asked.code()).isZero();
      assertThat(heard.get(30, TimeUnit.SECONDS)).isEqualTo("maintenance at noon");
      Golden.check("lock/revoke.txt", asked.out());
      Golden.check("lock/show-revoked.txt", zookit("lock show a").out());
      assertThat(held.isValid()).isTrue();
    }
  }

  @Test
  void revoke_nobody_isNotFound() {
    assertThat(zookit("lock revoke free").code()).isEqualTo(3);
  }

  @Test
  void break_withYes_theHolderLosesIt() throws Exception {
    try (Lease held = DistributedLock.named("a", one).acquire()) {
      Outcome broken = zookit("lock break a --yes");
      assertThat(broken.code()).isZero();
      Golden.check("lock/break.txt", broken.out());
      await().atMost(Desk.LONG).until(() -> held.state() == LeaseState.LOST);
    }
  }

  @Test
  void break_inJson_isAnObject() throws Exception {
    try (Lease held = DistributedLock.named("a", one).acquire()) {
      Golden.check("lock/break.json", zookit("lock break a -y -o json").out());
      await().atMost(Desk.LONG).until(() -> held.state() == LeaseState.LOST);
    }
  }

  @Test
  void break_offATerminalWithoutYes_isRefusedAndChangesNothing() throws Exception {
    try (Lease held = DistributedLock.named("a", one).acquire()) {
      Outcome refused = zookit("lock break a");
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.out()).isEmpty();
      assertThat(refused.err())
          .isEqualTo("zookit: break lock a, held by one: confirmation required,"
              + " pass --yes when not on a terminal\n");
      assertThat(LockInspector.in(two).show("a").holders()).hasSize(1);
      assertThat(held.isValid()).isTrue();
    }
  }

  @Test
  void break_onATerminal_asksFirst() throws Exception {
    try (Lease held = DistributedLock.named("a", one).acquire()) {
      desk.answering("n");
      assertThat(zookit("lock break a --color never"))
          .isEqualTo(new Outcome(8, "", "zookit: cancelled; nothing was changed\n"));
      desk.answering();
      assertThat(zookit("lock break a").code()).isEqualTo(8);
      assertThat(held.isValid()).isTrue();
      desk.answering("y");
      assertThat(zookit("lock break a").code()).isZero();
      await().atMost(Desk.LONG).until(() -> held.state() == LeaseState.LOST);
    }
  }

  @Test
  void break_dryRun_onlySaysWhatWouldHappen() throws Exception {
    try (Lease held = DistributedLock.named("a", one).acquire()) {
      assertThat(zookit("lock break a --dry-run"))
          .isEqualTo(new Outcome(0, "", "would do: break lock a, held by one\n"));
      assertThat(LockInspector.in(two).show("a").holders()).hasSize(1);
      assertThat(held.isValid()).isTrue();
    }
  }
}
