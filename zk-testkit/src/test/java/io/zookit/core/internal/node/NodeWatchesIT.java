package io.zookit.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.Meters;
import io.zookit.core.Reconnect;
import io.zookit.core.SessionState;
import io.zookit.core.Subscription;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.Inside;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.WatcherType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Shared one-shot watches on a real server, whose count must always come back to what it was. */
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class NodeWatchesIT {

  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private ZkServer server;
  private FaultProxy proxy;
  private Inside inside;
  private final MissedChanges missed = new MissedChanges();
  private NodeWatches watches;
  private int watchesBefore;

  @BeforeEach
  void connect() {
    server = ZkServer.start();
    proxy = FaultProxy.to(server);
    inside = Inside.connect(ZkClient.builder(proxy.connectString()));
    inside.withRoot();
    make("a");
    watches =
        new NodeWatches(inside.handle(), inside.client.timekeeper(), inside.client.loop(), missed);
    await().until(() -> server.watchCount() > 0);
    watchesBefore = server.watchCount();
  }

  @AfterEach
  void disconnect() {
    inside.close();
    proxy.close();
    server.close();
  }

  @Test
  void watch_twoInterests_shareOneWatchAndAreEachToldOnce() {
    watch("a", "one");
    watch("a", "two");
    await().until(() -> told.size() == 2);
    assertThat(server.watchCount()).isEqualTo(watchesBefore + 1);
    write("a");
    await().until(() -> told.size() == 4);
    write("a");
    assertThat(told)
        .containsExactly(
            "one read OK", "two read OK", "one NodeDataChanged", "two NodeDataChanged");
    requireNoWatchLeft();
  }

  @Test
  void watch_nodeDeleted_isTold() {
    watch("a", "one");
    inside.<Boolean>ask((handle, reply) -> handle.delete(inside.path("a"), -1, reply));
    await().until(() -> told.contains("one NodeDeleted"));
    requireNoWatchLeft();
  }

  @Test
  void watch_sameConsumerTwice_isTwoInterests() {
    Consumer<WatchedEvent> same = event -> told.add("same " + event.getType());
    List<Subscription> both = inside.onLoop(() -> List.of(
        watches.watch(inside.path("a"), same, read -> told.add("read")),
        watches.watch(inside.path("a"), same, read -> told.add("read"))));
    await().until(() -> told.size() == 2);
    inside.doOnLoop(both.get(0)::close);
    write("a");
    await().until(() -> told.contains("same NodeDataChanged"));
    assertThat(told).containsExactly("read", "read", "same NodeDataChanged");
    requireNoWatchLeft();
  }

  @Test
  void watch_noNode_isAnsweredSoAndNeverTold() {
    watch("none", "one");
    await().until(() -> told.contains("one read NONODE"));
    make("none");
    write("none");
    assertThat(told).containsExactly("one read NONODE");
    requireNoWatchLeft();
  }

  @Test
  void close_lastInterest_takesTheServersWatchOff() {
    Subscription one = watch("a", "one");
    Subscription two = watch("a", "two");
    await().until(() -> told.size() == 2);
    inside.doOnLoop(one::close);
    inside.doOnLoop(one::close);
    assertThat(server.watchCount()).isEqualTo(watchesBefore + 1);
    inside.doOnLoop(two::close);
    requireNoWatchLeft();
    write("a");
    assertThat(told).containsExactly("one read OK", "two read OK");
  }

  @Test
  void close_connectionBreaksBeforeTheRemovalIsAnswered_isNoticedAllTheSame() throws Exception {
    Subscription one = watch("a", "one");
    await().until(() -> told.contains("one read OK"));
    proxy.refuse();
    Fault fault = proxy.cutBefore(Op.REMOVE_WATCHES, 1);
    inside.doOnLoop(one::close);
    assertThat(fault.await(Duration.ofSeconds(20))).isTrue();
    await().until(() -> inside.client.session().state() == SessionState.SUSPECT);
    proxy.heal();
    await().until(() -> inside.client.session().state() == SessionState.CONNECTED);
    requireNoWatchLeft();
  }

  @Test
  void close_beforeTheReadIsAnswered_leavesNoWatch() {
    inside.doOnLoop(() -> watches
        .watch(inside.path("a"), event -> told.add("event"), read -> told.add("read"))
        .close());
    await().until(() -> told.contains("read"));
    requireNoWatchLeft();
  }

  @Test
  void close_andWatchAgainAtOnce_theNewInterestIsTold() {
    inside.doOnLoop(() -> {
      watches
          .watch(inside.path("a"), event -> told.add("old"), read -> told.add("read"))
          .close();
      watches.watch(inside.path("a"), event -> told.add("new"), read -> told.add("read"));
    });
    await().until(() -> told.size() == 2);
    write("a");
    await().until(() -> told.contains("new"));
    assertThat(told).containsExactly("read", "read", "new");
    requireNoWatchLeft();
  }

  @Test
  void close_lastInterestAndWatchAgainAtOnce_theNewOneHearsOfNothingButAChange() {
    Subscription one = watch("a", "one");
    await().until(() -> told.size() == 1);
    inside.doOnLoop(() -> {
      one.close();
      interest("a", "two");
    });
    await().until(() -> told.contains("two read OK"));
    inside.<Boolean>ask((handle, reply) -> handle.sync(inside.path("a"), reply));
    assertThat(told).containsExactly("one read OK", "two read OK");
    assertThat(server.watchCount()).isEqualTo(watchesBefore + 1);
    write("a");
    await().until(() -> told.contains("two NodeDataChanged"));
    requireNoWatchLeft();
  }

  @Test
  void close_whileDisconnected_theWatchDoesNotComeBackWithTheConnection() {
    Subscription one = watch("a", "one");
    await().until(() -> told.size() == 1);
    Reconnect.breakOff(inside.client, proxy);
    inside.doOnLoop(one::close);
    proxy.heal();
    await().until(() -> inside.handle().isConnected());
    inside.<Boolean>ask((handle, reply) -> handle.sync(inside.path("a"), reply));
    requireNoWatchLeft();
  }

  @Test
  void watch_connectionBreaks_isSetAgainAndTold() {
    watch("a", "one");
    await().until(() -> told.size() == 1);
    Reconnect.force(inside.client, proxy);
    write("a");
    await().until(() -> told.contains("one NodeDataChanged"));
    requireNoWatchLeft();
  }

  @Test
  void watch_readLost_endsThatInterestOnly() {
    watch("a", "one");
    await().until(() -> told.size() == 1);
    Fault fault = proxy.cutBefore(Op.GET_DATA, 1);
    watch("a", "two");
    await().until(() -> told.contains("two read CONNECTIONLOSS"));
    assertThat(fault.landed()).isTrue();
    await().until(() -> inside.handle().isConnected());
    write("a");
    await().until(() -> told.contains("one NodeDataChanged"));
    assertThat(told).doesNotContain("two NodeDataChanged");
    requireNoWatchLeft();
  }

  @Test
  void watch_eventBeforeTheReplyOfASecondInterest_tellsBothOnceAndLeavesNothing() {
    watch("a", "one");
    await().until(() -> told.size() == 1);
    // The write, by the same session, is served before the second read: its event comes before that
    // read's reply.
    inside.doOnLoop(() -> {
      SessionHandle handle = inside.client.handle().orElseThrow();
      handle.setData(inside.path("a"), new byte[] {7}, -1, set -> {});
      interest("a", "two");
    });
    await().until(() -> told.contains("two read OK"));
    assertThat(told)
        .containsExactly(
            "one read OK", "one NodeDataChanged", "two NodeDataChanged", "two read OK");
    requireNoWatchLeft();
  }

  @Test
  void watch_removedByOthersOfTheConnection_hearsOfTheNextChange() throws Exception {
    watch("a", "one");
    await().until(() -> told.size() == 1);
    removeAll("a");
    write("a");
    await().until(() -> told.contains("one NodeDataChanged"));
    requireNoWatchLeft();
  }

  @Test
  void watch_removedByOthersAndChangedBeforeItIsReadAgain_hearsOfThatChange() {
    watch("a", "one");
    await().until(() -> told.size() == 1);
    inside.doOnLoop(() -> {
      SessionHandle handle = inside.client.handle().orElseThrow();
      handle.removeWatch(inside.path("a"), WatcherType.Data, event -> {}, removed -> {});
      handle.setData(inside.path("a"), new byte[] {7}, -1, set -> {});
    });
    await().until(() -> told.size() == 2);
    assertThat(told).containsExactly("one read OK", "one NodeDataChanged");
    assertThat(missed.counted).hasValue(0);
    requireNoWatchLeft();
  }

  @Test
  void watchChildren_removedByOthersOfTheConnection_hearsOfTheNextChild() throws Exception {
    inside.doOnLoop(() -> watches.watchChildren(
        inside.path("a"),
        event -> told.add("" + event.getType()),
        read -> told.add("" + read.code())));
    await().until(() -> told.contains("OK"));
    inside.zooKeeper().removeAllWatches(inside.path("a").value(), WatcherType.Children, false);
    make("a/b");
    await().until(() -> told.contains("NodeChildrenChanged"));
    requireNoWatchLeft();
  }

  @Test
  @Tag("full")
  void watch_removedByOthersWhileDisconnected_hearsOfTheNextChange() {
    watch("a", "one");
    await().until(() -> told.size() == 1);
    Reconnect.breakOff(inside.client, proxy);
    inside.doOnLoop(() -> inside
        .client
        .handle()
        .orElseThrow()
        .removeWatch(inside.path("a"), WatcherType.Data, event -> {}, removed -> {}));
    proxy.heal();
    await().until(() -> inside.handle().isConnected());
    write("a");
    await().until(() -> told.contains("one NodeDataChanged"));
    requireNoWatchLeft();
  }

  /** Removes the watches as another user of the ZooKeeper handle may do. */
  private void removeAll(String name) throws Exception {
    inside.zooKeeper().removeAllWatches(inside.path(name).value(), WatcherType.Data, false);
  }

  @Test
  void size_manyRandomInterests_comesBackToZero() {
    for (long seed = 1; seed <= 10; seed++) {
      Random chance = new Random(seed);
      List<Subscription> open = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        int what = chance.nextInt(4);
        if (what < 2) {
          open.add(inside.onLoop(() -> watches.watch(inside.path("a"), event -> {}, read -> {})));
        } else if (what == 2 && !open.isEmpty()) {
          inside.doOnLoop(open.remove(chance.nextInt(open.size()))::close);
        } else {
          inside.doOnLoop(() -> inside
              .client
              .handle()
              .orElseThrow()
              .setData(inside.path("a"), new byte[] {1}, -1, set -> {}));
        }
      }
      open.forEach(one -> inside.doOnLoop(one::close));
      inside.<Boolean>ask((handle, reply) -> handle.sync(inside.path("a"), reply));
      assertThat(inside.onLoop(watches::size)).as("seed " + seed).isZero();
      requireNoWatchLeft();
    }
  }

  private Subscription watch(String name, String who) {
    return inside.onLoop(() -> interest(name, who));
  }

  private Subscription interest(String name, String who) {
    return watches.watch(
        inside.path(name),
        event -> told.add(who + " " + event.getType()),
        read -> told.add(who + " read " + read.code()));
  }

  private void make(String name) {
    Answer<SessionHandle.Created> made = inside.ask((handle, reply) -> handle.create(
        inside.path(name),
        new byte[0],
        inside.client.acl(inside.path(name)),
        CreateMode.PERSISTENT,
        reply));
    assertThat(made.code()).isEqualTo(Code.OK);
  }

  private void write(String name) {
    Answer<org.apache.zookeeper.data.Stat> written =
        inside.ask((handle, reply) -> handle.setData(inside.path(name), new byte[] {1}, -1, reply));
    assertThat(written.code()).isEqualTo(Code.OK);
  }

  private void requireNoWatchLeft() {
    await().untilAsserted(() -> assertThat(server.watchCount()).isEqualTo(watchesBefore));
    assertThat(inside.onLoop(watches::size)).isZero();
  }

  /** Counts what the table counts. */
  private static final class MissedChanges implements Meters {
    final AtomicLong counted = new AtomicLong();

    @Override
    public void count(String name, long amount) {
      assertThat(name).isEqualTo("zookit.client.changes.missed");
      counted.addAndGet(amount);
    }

    @Override
    public void time(String name, long nanos) {}

    @Override
    public Subscription gauge(String name, DoubleSupplier value) {
      return () -> {};
    }
  }
}
