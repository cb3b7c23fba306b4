package io.zookit.testkit.internal.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.internal.node.NodeFollower;
import io.zookit.core.internal.node.NodeWatches;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.ZooDefs.Ids;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Followed nodes on the simulated ZooKeeper: single cases, then schedules of writes, ends, refusals, lagging servers, lost
 * requests and answers, broken connections and sessions that end. {@code -Dzookit.seed=N} runs one seed again.
 */
@Timeout(600)
class NodeFollowerSimulationTest {

  private static final int FEW = 150;
  private static final int MANY = Integer.getInteger("zookit.seeds", 3_000);
  private static final ZkPath NODE = LoneClient.ROOT.child("n");
  private static final Duration SOON = Duration.ofSeconds(20);

  // Single cases.

  @Test
  void data_changes_isReportedAfterEach() {
    Followed followed = new Followed(new LoneClient(1).connect()).put("a");
    followed.data();
    followed.put("b").put("c");
    assertThat(followed.reports).containsExactly("a", "b", "c");
    followed.requireNothingLeft();
  }

  @Test
  void children_comeAndGo_areReported() {
    Followed followed = new Followed(new LoneClient(1).connect()).put("a");
    followed.children();
    followed.child("x").child("y").remove("/r/n/x");
    assertThat(followed.reports).containsExactly("[]", "[x]", "[x, y]", "[y]");
    followed.requireNothingLeft();
  }

  @Test
  void data_noNode_absenceAndCreationAreReported() {
    Followed followed = new Followed(new LoneClient(1).connect());
    followed.data();
    assertThat(followed.reports).containsExactly("NONODE");
    followed.put("a").remove(NODE.value()).put("b");
    assertThat(followed.reports).containsExactly("NONODE", "a", "NONODE", "b");
    followed.requireNothingLeft();
  }

  @Test
  void children_noNode_absenceAndCreationAreReported() {
    Followed followed = new Followed(new LoneClient(1).connect());
    followed.children();
    followed.put("a").child("x").remove("/r/n/x").remove(NODE.value()).put("a");
    assertThat(followed.reports).containsExactly("NONODE", "[]", "[x]", "[]", "NONODE", "[]");
    followed.requireNothingLeft();
  }

  @Test
  void data_deletedAndCreatedAgainAtOnce_theNewNodeIsReported() {
    LoneClient world = new LoneClient(1).connect();
    Followed followed = new Followed(world).put("a");
    followed.data();
    world.ensemble.operate(List.of(Op.delete(NODE.value(), -1)));
    world.ensemble.operate(List.of(create(NODE.value(), "b")));
    world.time.run(SOON);
    assertThat(followed.reports).first().isEqualTo("a");
    assertThat(followed.reports).last().isEqualTo("b");
    followed.put("c");
    assertThat(followed.reports).last().isEqualTo("c");
    followed.requireNothingLeft();
  }

  @Test
  void data_createdBeforeItIsWatched_isReported() {
    LoneClient world = new LoneClient(1).connect();
    Followed followed = new Followed(world);
    world.ensemble.loseAnswers((from, request) -> {
      if (isFollowing(request)) {
        world.ensemble.loseAnswers((other, any) -> false);
        world.ensemble.operate(List.of(create(NODE.value(), "a")));
        world.curator.process().freeze(VirtualTime.SECOND); // it asks for the watch after that
      }
      return false;
    });
    followed.data();
    assertThat(followed.reports).containsExactly("NONODE", "a");
    followed.requireNothingLeft();
  }

  @Test
  void data_changesWhileARefreshIsUnderWay_isFollowedOn() {
    for (long seed = 1; seed <= 50; seed++) { // the event comes before or after the answer
      LoneClient world = new LoneClient(seed).connect();
      Followed followed = new Followed(world).put("a");
      followed.data();
      world.ensemble.operate(List.of(write("b")));
      world.time.run(Duration.ofMillis(seed % 10));
      world.client.run(() -> followed.follower.refresh(world.handle(), answered -> {}));
      world.time.run(SOON);
      followed.put("c");
      assertThat(followed.reports).as("seed " + seed).last().isEqualTo("c");
      followed.requireNothingLeft();
    }
  }

  @Test
  void data_changesWithSpread_isReadThatMuchLater() {
    LoneClient world = new LoneClient(1).connect();
    Followed followed = new Followed(world).put("a");
    followed.data();
    followed.follower.spread(() -> Duration.ofSeconds(5));
    int[] reads = countReads(world);
    world.ensemble.operate(List.of(write("b")));
    world.time.run(Duration.ofSeconds(4));
    assertThat(reads[0]).isZero();
    world.ensemble.operate(List.of(write("c")));
    world.time.run(SOON);
    assertThat(reads[0]).isEqualTo(1);
    assertThat(followed.reports).containsExactly("a", "c");
    followed.requireNothingLeft();
  }

  @Test
  void data_manyChangesWhileAReadIsUnderWay_areOneMoreRead() {
    LoneClient world = new LoneClient(1).connect();
    Followed followed = new Followed(world).put("0");
    followed.data();
    int[] reads = countReads(world);
    for (int i = 1; i <= 50; i++) {
      world.ensemble.operate(List.of(write("" + i)));
    }
    world.time.run(SOON);
    assertThat(followed.reports).last().isEqualTo("50");
    assertThat(reads[0]).isBetween(1, 3);
    followed.requireNothingLeft();
  }

  @Test
  void data_readIsRefused_isReadAfterPausesUntilItIsAllowed() {
    LoneClient world = new LoneClient(1).connect();
    Followed followed = new Followed(world).put("a");
    world.ensemble.hide(path -> path.equals(NODE.value()));
    followed.data();
    assertThat(followed.reports).startsWith("NOAUTH");
    int[] reads = countReads(world);
    world.time.run(Duration.ofMinutes(10));
    assertThat(reads[0]).as("once a minute in the end").isBetween(8, 18);
    world.ensemble.hide(path -> false);
    world.time.run(Duration.ofSeconds(80));
    assertThat(followed.reports).last().isEqualTo("a");
    followed.put("b");
    assertThat(followed.reports).last().isEqualTo("b");
    followed.requireNothingLeft();
  }

  @Test
  void data_answerIsLost_isReadAgain() {
    LoneClient world = new LoneClient(1).connect();
    Followed followed = new Followed(world).put("a");
    world.ensemble.loseAnswers((from, request) -> {
      boolean lost = isFollowing(request);
      if (lost) {
        world.ensemble.loseAnswers((other, any) -> false);
      }
      return lost;
    });
    followed.data();
    followed.put("b");
    assertThat(followed.reports).containsExactly("a", "b");
    followed.requireNothingLeft();
  }

  @Test
  void data_reconnectInTheSameSession_isReadAgain() {
    LoneClient world = new LoneClient(1).connect();
    Followed followed = new Followed(world).put("a");
    followed.data();
    world.client.connection().orElseThrow().cut();
    world.time.run(SOON);
    assertThat(followed.reports).containsExactly("a", "a");
    followed.put("b");
    assertThat(followed.reports).containsExactly("a", "a", "b");
    followed.requireNothingLeft();
  }

  @Test
  void data_newSession_isFollowedOn() {
    LoneClient world = new LoneClient(1).connect();
    Followed followed = new Followed(world).put("a");
    followed.data();
    world.ensemble.end(world.handle().sessionId());
    world.time.run(SOON);
    followed.put("b");
    assertThat(followed.reports).containsExactly("a", "a", "b");
    followed.requireNothingLeft();
  }

  @Test
  void data_libraryForgetsItsWatches_changeIsFoundAtTheReconnect() {
    LoneClient world = new LoneClient(1, Defect.WATCHES_FORGOTTEN).connect();
    Followed followed = new Followed(world).put("a");
    followed.data();
    world.client.connection().orElseThrow().cut();
    world.ensemble.operate(List.of(write("b")));
    world.time.run(SOON);
    followed.put("c");
    assertThat(followed.reports).containsExactly("a", "b", "c");
    followed.requireNothingLeft();
  }

  @Test
  void data_watchDisappears_changeIsFoundByTheRegularRead() {
    LoneClient world = new LoneClient(1).connect();
    Followed followed = new Followed(world).put("a");
    followed.data();
    followed.loseWatches();
    followed.put("b");
    assertThat(followed.reports).containsExactly("a");
    world.time.run(Duration.ofSeconds(100));
    assertThat(followed.reports).containsExactly("a", "b");
    followed.requireNothingLeft();
  }

  @Test
  void data_watchOnAMissingNodeDisappears_creationIsFoundByTheRegularRead() {
    LoneClient world = new LoneClient(1).connect();
    Followed followed = new Followed(world);
    followed.data();
    followed.loseWatches();
    followed.put("a");
    assertThat(followed.reports).containsExactly("NONODE");
    world.time.run(Duration.ofSeconds(100));
    assertThat(followed.reports).containsExactly("NONODE", "a");
    followed.put("b");
    assertThat(followed.reports).containsExactly("NONODE", "a", "b");
    followed.requireNothingLeft();
  }

  @Test
  void data_removedByOthersOfTheConnection_isReadAgain() {
    LoneClient world = new LoneClient(1).connect();
    Followed followed = new Followed(world);
    followed.data();
    world.client.run(
        () -> world.handle().removeWatch(NODE, WatcherType.Data, event -> {}, any -> {}));
    world.time.run(SOON);
    followed.put("a");
    assertThat(followed.reports).containsExactly("NONODE", "a");
    followed.requireNothingLeft();
  }

  @Test
  void close_whileAReadIsUnderWay_reportsNothingAndLeavesNoWatch() {
    LoneClient world = new LoneClient(1).connect();
    Followed followed = new Followed(world).put("a");
    followed.begin(followed::dataFollower);
    world.client.run(followed.follower::close);
    world.time.run(SOON);
    followed.put("b");
    assertThat(followed.reports).isEmpty();
    followed.requireNothingLeft();
  }

  @Test
  void close_whileAMissingNodeIsLookedFor_leavesNoWatch() {
    LoneClient world = new LoneClient(1).connect();
    Followed followed = new Followed(world);
    followed.begin(followed::dataFollower);
    while (followed.reports.isEmpty()) {
      world.time.step();
    }
    world.client.run(followed.follower::close);
    world.time.run(SOON);
    followed.put("a");
    assertThat(followed.reports).containsExactly("NONODE");
    followed.requireNothingLeft();
  }

  @Test
  void close_byItsListener_reportsNothingMore() {
    LoneClient world = new LoneClient(1).connect();
    Followed followed = new Followed(world);
    followed.onReport = () -> followed.follower.close();
    followed.data();
    followed.put("a");
    assertThat(followed.reports).containsExactly("NONODE");
    followed.requireNothingLeft();
  }

  @Test
  void close_oneOfTwoOnANode_theOtherIsFollowedOnWithoutAnotherRead() {
    LoneClient world = new LoneClient(1).connect();
    Followed one = new Followed(world).put("a");
    Followed two = new Followed(world, one.tables);
    one.data();
    two.data();
    int[] reads = countReads(world);
    world.client.run(one.follower::close);
    world.time.run(SOON);
    assertThat(reads[0]).isZero();
    two.put("b");
    assertThat(one.reports).containsExactly("a");
    assertThat(two.reports).containsExactly("a", "b");
    two.requireNothingLeft();
  }

  @Test
  void refresh_whileAReadIsUnderWay_isAnsweredAfterTheReport() {
    LoneClient world = new LoneClient(1).connect();
    Followed followed = new Followed(world).put("a");
    followed.begin(followed::dataFollower);
    world.client.run(() -> followed.follower.refresh(
        world.handle(), answered -> followed.reports.add("answered " + answered)));
    world.time.run(SOON);
    assertThat(followed.reports).containsExactly("a", "answered true");
    followed.requireNothingLeft();
  }

  @Test
  void refresh_sessionEnds_isNotAnswered() {
    LoneClient world = new LoneClient(1).connect();
    Followed followed = new Followed(world).put("a");
    followed.data();
    world.client.connection().orElseThrow().silence(true);
    world.client.run(() -> followed.follower.refresh(
        world.handle(), answered -> followed.reports.add("answered " + answered)));
    world.curator.expire(world.curator.session().orElseThrow());
    world.time.run(SOON);
    assertThat(followed.reports).containsExactly("a", "answered false", "a");
    followed.requireNothingLeft();
  }

  @Test
  void latest_fromAnEventToTheReadBehindIt_isUnknown() {
    LoneClient world = new LoneClient(1).connect();
    Followed followed = new Followed(world).put("a");
    followed.data();
    world.ensemble.operate(List.of(write("b")));
    boolean unknown = false;
    while (followed.reports.size() == 1) {
      unknown |= followed.follower.latest().isEmpty();
      world.time.step();
    }
    assertThat(unknown).isTrue();
    assertThat(followed.follower.latest()).isPresent();
    followed.requireNothingLeft();
  }

  @Test
  void report_listenerFails_isFollowedOn() {
    LoneClient world = new LoneClient(1).connect();
    Followed followed = new Followed(world).put("a");
    followed.onReport = () -> {
      throw new IllegalStateException("a listener that fails");
    };
    followed.data();
    followed.put("b");
    assertThat(followed.reports).containsExactly("a", "b");
    followed.requireNothingLeft();
  }

  // Schedules.

  @Test
  void schedules_few_endWithTheTruth() {
    schedules(1, FEW);
  }

  @Test
  @Tag("full")
  void schedules_many_endWithTheTruth() {
    Long replayed = Long.getLong("zookit.seed");
    schedules(replayed == null ? FEW : replayed, replayed == null ? MANY : 1);
  }

  /** The control: a watch that stays at a server is noticed. */
  @Test
  void schedules_withWatchesLeft_areCaught() {
    assertThatThrownBy(() -> schedules(1, FEW, Defect.WATCHES_LEFT))
        .isInstanceOf(AssertionError.class);
  }

  private static void schedules(long first, int count, Defect... defects) {
    int reports = 0;
    for (long seed = first; seed < first + count; seed++) {
      LoneClient world = new LoneClient(seed, defects).connect();
      Followed data = new Followed(world);
      Followed children = new Followed(world, data.tables);
      data.begin(data::dataFollower);
      children.begin(children::childrenFollower);
      run(world, List.of(data, children));
      world.curator.rejoin();
      world.ensemble.servers().forEach(SimulatedServer::rejoin);
      world.ensemble.loseAtRandom(0, 0);
      world.settle();
      String which = "seed " + seed;
      assertThat(data.reports).as(which).last().isEqualTo(data.truth());
      assertThat(children.reports).as(which).last().isEqualTo(children.childrenTruth());
      assertThat(world.client.measured().counted("zookit.client.changes.missed"))
          .as(which)
          .isZero();
      reports += data.reports.size() + children.reports.size();
      int before = data.reports.size();
      world.client.run(data.follower::close);
      data.put("last");
      assertThat(data.reports).as(which).hasSize(before);
      children.requireNothingLeft();
    }
    assertThat(reports)
        .isGreaterThan(10 * count); // the faults do not keep everything from happening
  }

  private static void run(LoneClient world, List<Followed> all) {
    Random chance = world.time.random();
    world.ensemble.loseAtRandom(chance.nextDouble() / 20, chance.nextDouble() / 20);
    for (int i = 0; i < 60; i++) {
      switch (chance.nextInt(14)) {
        case 0, 1, 2 -> world.ensemble.operate(List.of(write("" + i)));
        case 3, 4 -> world.ensemble.operate(List.of(create(NODE.value(), "" + i)));
        case 5 -> {
          world.ensemble.operate(List.of(Op.delete(NODE.child("x").value(), -1)));
          world.ensemble.operate(List.of(Op.delete(NODE.value(), -1)));
          if (chance.nextBoolean()) {
            world.ensemble.operate(List.of(create(NODE.value(), "" + i)));
          }
        }
        case 6 -> world.ensemble.operate(List.of(create(NODE.child("x").value(), "")));
        case 7 -> world.ensemble.operate(List.of(Op.delete(NODE.child("x").value(), -1)));
        case 8 -> {
          boolean hidden = chance.nextBoolean();
          world.ensemble.hide(path -> hidden && path.equals(NODE.value()));
        }
        case 9 -> world.client.connection().ifPresent(SimulatedConnection::cut);
        case 10 -> {
          SimulatedServer server = world.ensemble.servers().get(chance.nextInt(3));
          if (chance.nextBoolean()) {
            server.lag();
          } else {
            server.rejoin();
          }
        }
        case 11 -> {
          if (chance.nextBoolean()) {
            world.curator.isolate();
          } else {
            world.curator.rejoin();
          }
        }
        case 12 ->
          world.curator.session().ifPresent(session -> {
            if (chance.nextBoolean()) {
              world.ensemble.end(session.id());
            } else {
              world.curator.expire(session);
            }
          });
        default ->
          world.client.run(() -> all.forEach(each -> world.client.handle().ifPresent(handle -> {
            if (handle.isConnected()) {
              each.follower.refresh(handle, answered -> {});
            }
          })));
      }
      // Mostly so short that messages are under way at the next step.
      int most = chance.nextInt(4) == 0 ? 3_000 : 6;
      world.time.run(Duration.ofMillis(chance.nextInt(most)));
    }
    world.ensemble.hide(path -> false);
  }

  private static Op create(String path, String data) {
    return Op.create(
        path, data.getBytes(StandardCharsets.UTF_8), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
  }

  private static Op write(String data) {
    return Op.setData(NODE.value(), data.getBytes(StandardCharsets.UTF_8), -1);
  }

  /** Returns whether a request reads the node and sets a watch on it. */
  private static boolean isFollowing(SimulatedRequest request) {
    return request.kind() == SimulatedRequest.Kind.READ
        && request.interests.stream()
            .anyMatch(each -> each.watcher() != null && each.path().equals(NODE.value()));
  }

  private static int[] countReads(LoneClient world) {
    int[] reads = {0};
    world.ensemble.loseRequests((from, request) -> {
      reads[0] += isFollowing(request) ? 1 : 0;
      return false;
    });
    return reads;
  }

  /** One follower and what it reported: data, names, or the code of an answer without them. */
  private static final class Followed {
    private final LoneClient world;
    private final Map<SessionHandle, NodeWatches> tables;
    private final List<String> reports = new ArrayList<>();
    private NodeFollower<?> follower;
    private Runnable onReport = () -> {};
    private long newest;

    Followed(LoneClient world) {
      this(world, new HashMap<>());
    }

    /** Shares watches with another one. */
    Followed(LoneClient world, Map<SessionHandle, NodeWatches> tables) {
      this.world = world;
      this.tables = tables;
      this.follower = dataFollower();
    }

    NodeFollower<?> dataFollower() {
      return NodeFollower.ofData(
          scope(),
          this::table,
          NODE,
          read -> report(
              read,
              node -> new String(node.data(), StandardCharsets.UTF_8),
              node -> node.stat().getMzxid()));
    }

    NodeFollower<?> childrenFollower() {
      return NodeFollower.ofChildren(
          scope(),
          this::table,
          NODE,
          read -> report(
              read,
              node -> new TreeSet<>(node.names()).toString(),
              node -> node.stat().getPzxid()));
    }

    private Scope scope() {
      return Scope.root(world.client.loop(), world.client.timekeeper());
    }

    private NodeWatches table(SessionHandle handle) {
      return tables.computeIfAbsent(
          handle,
          missing -> new NodeWatches(
              missing, world.client.timekeeper(), world.client.loop(), world.client.meters()));
    }

    private <T> void report(
        Answer<T> read, Function<T, String> text, Function<T, Long> transaction) {
      reports.add(read.isOk() ? text.apply(read.get()) : "" + read.code());
      if (read.isOk()) {
        long seen = transaction.apply(read.get());
        assertThat(seen).as("never an older state").isGreaterThanOrEqualTo(newest);
        newest = seen;
      }
      assertThat(read.isAnswered()).isTrue();
      onReport.run();
    }

    void data() {
      begin(this::dataFollower);
      world.time.run(SOON);
    }

    void children() {
      begin(this::childrenFollower);
      world.time.run(SOON);
    }

    void begin(Supplier<NodeFollower<?>> created) {
      world.client.run(() -> {
        follower = created.get();
        world.client.onSessions(follower);
      });
    }

    Followed put(String data) {
      if (world.ensemble.tree().find(NODE.value()) == null) {
        world.ensemble.operate(List.of(create(NODE.value(), data)));
      } else {
        world.ensemble.operate(List.of(write(data)));
      }
      world.time.run(SOON);
      return this;
    }

    Followed child(String name) {
      world.ensemble.operate(List.of(create(NODE.child(name).value(), "")));
      world.time.run(SOON);
      return this;
    }

    Followed remove(String path) {
      assertThat(world.ensemble.operate(List.of(Op.delete(path, -1)))).isEqualTo(Code.OK);
      world.time.run(SOON);
      return this;
    }

    /** Lets the servers forget all watches. */
    void loseWatches() {
      world
          .ensemble
          .servers()
          .forEach(server -> server.watchedPaths().forEach(path -> {
            for (WatchTable.Kind kind : WatchTable.Kind.values()) {
              server.watches().take(kind, path);
            }
          }));
    }

    String truth() {
      SimulatedNode node = world.ensemble.tree().find(NODE.value());
      return node == null ? "NONODE" : new String(node.data(), StandardCharsets.UTF_8);
    }

    String childrenTruth() {
      SimulatedNode node = world.ensemble.tree().find(NODE.value());
      return node == null ? "NONODE" : new TreeSet<>(node.children).toString();
    }

    void requireNothingLeft() {
      world.client.run(() -> follower.close());
      world.time.run(SOON);
      int known = reports.size();
      world.client.run(() ->
          assertThat(tables.values().stream().mapToInt(NodeWatches::size).sum()).isZero());
      world
          .ensemble
          .servers()
          .forEach(server -> assertThat(server.watchedPaths()).isEmpty());
      put("after the close");
      assertThat(reports).hasSize(known);
      assertThat(world.failures).isEmpty();
    }
  }
}
