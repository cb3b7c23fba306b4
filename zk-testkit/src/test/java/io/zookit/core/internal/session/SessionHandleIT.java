package io.zookit.core.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.Reconnect;
import io.zookit.core.ShiftedTime;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.Inside;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.Sessions;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.CreateOptions;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The raw handle on a real server. */
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class SessionHandleIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final byte[] DATA = {1, 2, 3};

  private FaultProxy proxy;
  private Inside inside;

  @BeforeEach
  void connect() {
    proxy = FaultProxy.to(zooKeeper.server());
    inside = Inside.connect(ZkClient.builder(proxy.connectString()).root(zooKeeper.freshRoot()));
  }

  @AfterEach
  void disconnect() {
    inside.close();
    proxy.close();
  }

  @Test
  void create_thenListPipelined_theListShowsTheOwnNode() {
    for (int i = 0; i < 200; i++) {
      CompletableFuture<Answer<SessionHandle.Created>> made = new CompletableFuture<>();
      CompletableFuture<Answer<List<String>>> listed = new CompletableFuture<>();
      inside.doOnLoop(() -> {
        SessionHandle handle = inside.client.handle().orElseThrow();
        handle.create(
            inside.path("q-"), DATA, acl(), CreateMode.EPHEMERAL_SEQUENTIAL, made::complete);
        handle.list(inside.client.rootPath(), listed::complete);
      });
      String name = Inside.get(made).get().path().name();
      assertThat(Inside.get(listed).get()).contains(name);
    }
  }

  @Test
  void create_ephemeral_isOwnedByThisSessionOnly() {
    SessionHandle.Created made = create("mine", CreateMode.EPHEMERAL).get();
    assertThat(made.path()).isEqualTo(inside.path("mine"));
    assertThat(inside.handle().owns(made.stat())).isTrue();
    try (Inside other =
        Inside.connect(ZkClient.builder(zooKeeper.connectString()).root(inside.client.root()))) {
      assertThat(other.handle().owns(made.stat())).isFalse();
    }
    assertThat(
            inside.handle().owns(create("lasting", CreateMode.PERSISTENT).get().stat()))
        .isFalse();
  }

  @Test
  void requests_allKinds_areAnsweredOnTheLoop() {
    List<String> off = Collections.synchronizedList(new ArrayList<>());
    List<CompletableFuture<Boolean>> all = new ArrayList<>();
    ZkPath path = inside.path("node");
    inside.doOnLoop(() -> {
      SessionHandle handle = inside.client.handle().orElseThrow();
      handle.create(path, DATA, acl(), CreateMode.PERSISTENT, check("create", off, all));
      handle.createFolder(
          path, DATA, acl(), CreateMode.PERSISTENT, check("createFolder", off, all));
      handle.getData(path, null, check("getData", off, all));
      handle.setData(path, DATA, -1, check("setData", off, all));
      handle.exists(path, null, check("exists", off, all));
      handle.list(path, check("list", off, all));
      handle.getChildren(path, null, check("getChildren", off, all));
      handle.sync(path, check("sync", off, all));
      handle.getEphemerals(check("getEphemerals", off, all));
      handle.multi(
          List.of(org.apache.zookeeper.Op.check(path.value(), -1)), check("multi", off, all));
      handle.removeWatch(path, WatcherType.Data, event -> {}, check("removeWatch", off, all));
      handle.delete(path, -1, check("delete", off, all));
    });
    all.forEach(Inside::get);
    Reconnect.breakOff(inside.client, proxy);
    inside.doOnLoop(
        () -> inside.client.handle().orElseThrow().sync(path, check("refused", off, all)));
    all.forEach(Inside::get);
    assertThat(off).isEmpty();
    assertThat(all).hasSize(13);
  }

  @Test
  void isSafe_afterAPauseLongerThanTheSession_onlyWhatPassesTheLeaderSaysSo() {
    ShiftedTime time = new ShiftedTime();
    try (Inside paused = Inside.connect(ZkClient.builder(proxy.connectString())
        .root(zooKeeper.freshRoot())
        .sessionTimeout(Duration.ofSeconds(40))
        .timekeeper(time))) {
      paused.withRoot();
      ZkPath root = paused.client.rootPath();
      assertThat(paused.handle().isSafe()).isTrue();

      time.pause(Duration.ofSeconds(40));
      paused.<Stat>ask((handle, reply) -> handle.exists(root, null, reply));
      paused.<List<String>>ask((handle, reply) -> handle.list(root, reply));
      paused.<SessionHandle.Node>ask((handle, reply) -> handle.getData(root, null, reply));
      paused.<Set<ZkPath>>ask(SessionHandle::getEphemerals);
      paused.<List<OpResult>>ask((handle, reply) ->
          handle.multi(List.of(org.apache.zookeeper.Op.getData(root.value())), reply));
      assertThat(paused.handle().isSafe()).isFalse();
      paused.<Boolean>ask((handle, reply) -> handle.sync(root, reply));
      assertThat(paused.handle().isSafe()).isTrue();

      time.pause(Duration.ofSeconds(40));
      assertThat(paused.handle().isSafe()).isFalse();
      paused.<Stat>ask((handle, reply) -> handle.setData(root, DATA, -1, reply));
      assertThat(paused.handle().isSafe()).isTrue();
    }
  }

  @Test
  void requests_whileDisconnected_areAnsweredNotSentAtOnce() {
    long before = proxy.requests(Op.CREATE2);
    Reconnect.breakOff(inside.client, proxy);

    Answer<SessionHandle.Created> answer = create("x", CreateMode.EPHEMERAL);

    assertThat(answer).isEqualTo(Answer.notSent());
    assertThat(answer.isAnswered()).isFalse();
    proxy.heal();
    await().until(() -> inside.handle().isConnected());
    assertThat(proxy.requests(Op.CREATE2)).isEqualTo(before);
  }

  @Test
  @Tag("full")
  void requests_lostByAnAttemptBeforeTheReconnect_leaveTheSessionConnected() throws Exception {
    WireHandle handle = inside.handle();
    ZooKeeper raw = handle.zooKeeper();
    CountDownLatch inLoop = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    Runnable hold = () -> {
      inLoop.countDown();
      awaitQuietly(held);
    };
    CompletableFuture.runAsync(() -> inside.client.loop().execute(hold));
    inLoop.await();
    proxy.refuse();
    proxy.cut();
    await().until(() -> !raw.getState().isConnected());
    handle.exists(inside.path("x"), null, lost -> {}); // the loop has not been notified yet
    assertThat(Inside.get(codeOf(raw))).isEqualTo(Code.CONNECTIONLOSS);
    proxy.heal();
    await().until(() -> Inside.get(codeOf(raw)) == Code.OK);

    held.countDown();

    await().until(handle::isConnected);
    CompletableFuture<Boolean> later = new CompletableFuture<>();
    inside.client.timekeeper().after(Duration.ofSeconds(1), () -> later.complete(true));
    Inside.get(later);
    assertThat(inside
            .<Boolean>ask((now, reply) -> now.sync(inside.client.rootPath(), reply))
            .code())
        .isEqualTo(Code.OK);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The answer of the library itself, after all events before. */
  private static CompletableFuture<Code> codeOf(ZooKeeper raw) {
    CompletableFuture<Code> code = new CompletableFuture<>();
    raw.exists("/", false, (rc, asked, context, stat) -> code.complete(Code.get(rc)), null);
    return code;
  }

  @Test
  void requests_answerLost_areUnansweredAndMayHaveHappened() throws Exception {
    Fault fault = proxy.cutAfter(Op.CREATE2, 1);
    Answer<SessionHandle.Created> answer = create("x", CreateMode.EPHEMERAL);
    assertThat(fault.landed()).isTrue();
    assertThat(answer.code()).isEqualTo(Code.CONNECTIONLOSS);
    assertThat(answer.sent()).isTrue();
    assertThat(answer.isAnswered()).isFalse();
  }

  @Test
  void requests_sessionOver_areAnsweredExpiredAtOnce() throws Exception {
    WireHandle old = inside.handle();
    Sessions.expireOnServer(old.zooKeeper(), zooKeeper.connectString());
    await().until(old::isOver);

    Answer<SessionHandle.Created> answer = inside.ask(
        old,
        (handle, reply) ->
            handle.create(inside.path("x"), DATA, acl(), CreateMode.EPHEMERAL, reply));

    assertThat(answer.code()).isEqualTo(Code.SESSIONEXPIRED);
    assertThat(answer.sent()).isFalse();
    inside.client.awaitConnected(Duration.ofSeconds(20));
    assertThat(inside.handle()).isNotSameAs(old);
    assertThat(inside.handle().isOver()).isFalse();
  }

  @Test
  void multi_creates_answerWithStatsOfOneTransaction() {
    Answer<List<OpResult>> answer = inside.ask((handle, reply) ->
        handle.multi(List.of(createOp("a"), createOp("b"), createOp("c")), reply));
    List<OpResult.CreateResult> made =
        answer.get().stream().map(OpResult.CreateResult.class::cast).toList();
    assertThat(made).extracting(OpResult.CreateResult::getPath).hasSize(3);
    assertThat(made).allSatisfy(one -> assertThat(one.getStat()).isNotNull());
    assertThat(made)
        .extracting(one -> one.getStat().getCzxid())
        .containsOnly(made.get(0).getStat().getCzxid());
  }

  @Test
  void multi_oneOperationFails_nothingIsDoneAndTheCodeSaysWhy() {
    assertThat(create("b", CreateMode.PERSISTENT).isOk()).isTrue();
    Answer<List<OpResult>> answer =
        inside.ask((handle, reply) -> handle.multi(List.of(createOp("a"), createOp("b")), reply));
    assertThat(answer.code()).isEqualTo(Code.NODEEXISTS);
    assertThat(answer.isAnswered()).isTrue();
    assertThat(zooKeeper.server().nodes(inside.client.root()))
        .noneMatch(node -> node.path().endsWith("/a"));
  }

  @Test
  void multi_reads_eachHasAResultOfItsOwnAlsoWhenOneIsMissing() {
    create("a", CreateMode.PERSISTENT);
    create("c", CreateMode.PERSISTENT);
    Answer<List<OpResult>> answer = inside.ask((handle, reply) -> handle.multi(
        List.of(
            org.apache.zookeeper.Op.getData(inside.path("a").value()),
            org.apache.zookeeper.Op.getData(inside.path("b").value()),
            org.apache.zookeeper.Op.getChildren(inside.path("c").value())),
        reply));
    List<OpResult> read = answer.get();
    assertThat(read).hasSize(3);
    assertThat(((OpResult.GetDataResult) read.get(0)).getData()).isEqualTo(DATA);
    assertThat(((OpResult.ErrorResult) read.get(1)).getErr()).isEqualTo(Code.NONODE.intValue());
    assertThat(((OpResult.GetChildrenResult) read.get(2)).getChildren()).isEmpty();
  }

  @Test
  void getData_nodeWithoutData_isEmptyAndNotNull() {
    inside.ask((SessionHandle handle, Consumer<Answer<SessionHandle.Created>> reply) ->
        handle.create(inside.path("n"), new byte[0], acl(), CreateMode.PERSISTENT, reply));
    Answer<SessionHandle.Node> read =
        inside.ask((handle, reply) -> handle.getData(inside.path("n"), null, reply));
    assertThat(read.get().data()).isEmpty();
  }

  @Test
  void getEphemerals_twoSessionsAndSimilarNames_showsOwnOnesOnly() throws Exception {
    create("mine", CreateMode.EPHEMERAL);
    create("lasting", CreateMode.PERSISTENT);
    try (Inside other =
        Inside.connect(ZkClient.builder(zooKeeper.connectString()).root(inside.client.root()))) {
      other.ask((SessionHandle handle, Consumer<Answer<SessionHandle.Created>> reply) ->
          handle.create(inside.path("theirs"), DATA, acl(), CreateMode.EPHEMERAL, reply));
      assertThat(ephemerals(inside)).containsExactly(inside.path("mine"));
      assertThat(ephemerals(other)).containsExactly(inside.path("theirs"));
    }
  }

  @Test
  void getEphemerals_chroot_showsPathsBelowIt() throws Exception {
    String chroot = zooKeeper.freshRoot();
    inside.zooKeeper().create(chroot, DATA, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    inside.zooKeeper().create(chroot + "-more", DATA, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    try (Inside below =
        Inside.connect(ZkClient.builder(zooKeeper.connectString() + chroot).root("/r"))) {
      below.withRoot();
      below.ask((SessionHandle handle, Consumer<Answer<SessionHandle.Created>> reply) ->
          handle.create(below.path("x"), DATA, acl(), CreateMode.EPHEMERAL, reply));
      assertThat(ephemerals(below)).containsExactly(ZkPath.absolute("/r/x"));
      assertThat(zooKeeper.server().nodes(chroot))
          .extracting(node -> node.path())
          .contains(chroot + "/r/x");
    }
  }

  @Test
  void sync_connected_isAnswered() {
    Answer<Boolean> synced =
        inside.ask((handle, reply) -> handle.sync(inside.client.rootPath(), reply));
    assertThat(synced.isOk()).isTrue();
  }

  @Test
  @Tag("full")
  void removeWatch_connectionLostMeanwhile_doesNotMoveTheDeadline() {
    create("w", CreateMode.PERSISTENT);
    WireHandle handle = inside.handle();
    inside.ask((SessionHandle h, Consumer<Answer<SessionHandle.Node>> reply) ->
        h.getData(inside.path("w"), h.watcher(event -> {}), reply));
    Fault fault = proxy.cutBefore(Op.REMOVE_WATCHES, 1);
    proxy.refuse();
    long deadline = deadline(handle);

    inside.ask((SessionHandle h, Consumer<Answer<Boolean>> reply) ->
        h.removeWatch(inside.path("w"), WatcherType.Data, event -> {}, reply));

    assertThat(fault.landed()).isTrue();
    assertThat(deadline(handle)).isEqualTo(deadline);
  }

  private static long deadline(WireHandle handle) {
    return handle.deadline().nanos();
  }

  private Set<ZkPath> ephemerals(Inside of) {
    return of.<Set<ZkPath>>ask((handle, reply) -> handle.getEphemerals(reply)).get();
  }

  private Answer<SessionHandle.Created> create(String name, CreateMode mode) {
    return inside.ask(
        (handle, reply) -> handle.create(inside.path(name), DATA, acl(), mode, reply));
  }

  private org.apache.zookeeper.Op createOp(String name) {
    CreateOptions options =
        CreateOptions.newBuilder(acl(), CreateMode.EPHEMERAL).build();
    return org.apache.zookeeper.Op.create(inside.path(name).value(), DATA, options);
  }

  private List<org.apache.zookeeper.data.ACL> acl() {
    return inside.client.acl(inside.client.rootPath());
  }

  private <T> Consumer<Answer<T>> check(
      String what, List<String> off, List<CompletableFuture<Boolean>> all) {
    CompletableFuture<Boolean> answered = new CompletableFuture<>();
    all.add(answered);
    return answer -> {
      if (!inside.client.loop().isCurrent()) {
        off.add(what);
      }
      answered.complete(true);
    };
  }
}
