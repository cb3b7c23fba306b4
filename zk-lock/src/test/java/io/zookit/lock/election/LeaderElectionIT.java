package io.zookit.lock.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.FencingToken;
import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.LockLostException;
import io.zookit.lock.LockWorld;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Candidates and observers on a real server. */
class LeaderElectionIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration SESSION = Duration.ofSeconds(10);

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final Candidates candidates = new Candidates(world);

  @BeforeEach
  void open() {
    world.awaitNoWatch();
  }

  @Test
  void join_firstCandidate_leadsAndTheNextFollowsWithAGreaterEpoch() throws Exception {
    HeardTerms first = new HeardTerms();
    HeardTerms second = new HeardTerms();
    Candidacy one = candidates.join(candidates.election(world.client("one")), "n1", first);
    Candidacy two = candidates.join(candidates.election(world.client("two")), "n2", second);
    Leadership term = first.elected();
    assertThat(one.leadership()).contains(term);
    assertThat(term.isValid()).isTrue();
    assertThat(term.election()).isEqualTo("e");
    assertThat(two.leadership()).isEmpty();
    assertThat(second.words).isEmpty();
    one.close();
    assertThat(first.next()).isEqualTo("revoked " + term.epoch() + " closed");
    Leadership next = second.elected();
    assertThat(next.epoch()).isGreaterThan(term.epoch());
    assertThat(term.isValid()).isFalse();
    assertThat(one.closed()).succeedsWithin(LockWorld.LONG);
    two.close();
    assertThat(two.closed()).succeedsWithin(LockWorld.LONG);
    world.awaitQueue("e", 0);
  }

  @Test
  void onElected_throws_theLeadershipIsGivenToTheNext() throws Exception {
    CompletableFuture<Leadership> first = new CompletableFuture<>(); // it leads again and again
    HeardTerms failing = new HeardTerms() {
      @Override
      public void onElected(Leadership leadership) {
        super.onElected(leadership);
        first.complete(leadership);
        throw new IllegalStateException("no disk");
      }
    };
    HeardTerms second = new HeardTerms();
    Candidacy one = candidates.election(world.client("one")).join("n1", failing);
    Leadership term = first.get(20, TimeUnit.SECONDS);
    Candidacy two = candidates.election(world.client("two")).join("n2", second);
    Leadership next = second.elected();
    assertThat(next.epoch()).isGreaterThan(term.epoch());
    assertThat(term.isValid()).isFalse();
    assertThat(failing.next()).isEqualTo("elected " + term.epoch());
    assertThat(failing.next()).startsWith("revoked " + term.epoch() + " onElected failed");
    two.close();
    one.close();
  }

  @Test
  void join_elected_costsTwoReadsMoreThanALock() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient client = world.clientWithoutTimers(proxy);
    DistributedLock.named("e", client).acquireAsync().join().close();
    world.awaitQueue("e", 0);
    proxy.resetCounters();
    HeardTerms heard = new HeardTerms();
    Candidacy mine = candidates.election(client).join("n1", heard);
    heard.elected();
    assertThat(proxy.recorded()).containsExactly(Op.MULTI, Op.GET_DATA, Op.GET_CHILDREN);
    mine.close();
  }

  @Test
  void close_leaderStillWorks_keepsTheNodeUntilItHasFinished() throws Exception {
    HeardTerms first = new HeardTerms();
    HeardTerms second = new HeardTerms();
    CompletableFuture<Void> work = new CompletableFuture<>();
    first.work = work;
    Candidacy one = candidates.join(candidates.election(world.client("one")), "n1", first);
    candidates.join(candidates.election(world.client("two")), "n2", second);
    Leadership term = first.elected();
    String node = world.queue("e").get(0).path();
    one.close();
    assertThat(first.next()).startsWith("revoked");
    assertThat(term.isValid()).isTrue();
    assertThat(world.queue("e").get(0).path()).isEqualTo(node);
    term.fenced().create(world.root + "/last", new byte[0]).commit().get(20, TimeUnit.SECONDS);
    assertThat(second.words).isEmpty();
    work.complete(null);
    second.elected();
    assertThat(one.closed()).succeedsWithin(LockWorld.LONG);
  }

  @Test
  void close_leaderNeverFinishes_isOverAfterTheDrainTime() throws Exception {
    HeardTerms first = new HeardTerms();
    HeardTerms second = new HeardTerms();
    first.work = new CompletableFuture<>();
    LeaderElection brief =
        candidates.election(world.client("one")).withDrain(Duration.ofMillis(50));
    Candidacy one = candidates.join(brief, "n1", first);
    candidates.join(candidates.election(world.client("two")), "n2", second);
    first.elected();
    one.close();
    second.elected();
    assertThat(one.closed()).succeedsWithin(LockWorld.LONG);
  }

  @Test
  void close_listenerBlocksAndThrows_isOverAfterTheDrainTime() throws Exception {
    HeardTerms second = new HeardTerms();
    CompletableFuture<Leadership> elected = new CompletableFuture<>();
    CompletableFuture<Void> stuck = new CompletableFuture<>();
    LeaderElection brief =
        candidates.election(world.client("one")).withDrain(Duration.ofMillis(50));
    Candidacy one = brief.join("n1", term -> {
      elected.complete(term);
      stuck.join();
      throw new IllegalStateException("on purpose");
    });
    elected.get(20, TimeUnit.SECONDS);
    candidates.join(candidates.election(world.client("two")), "n2", second);
    one.close();
    second.elected();
    assertThat(elected.get().isValid()).isFalse();
    stuck.complete(null);
    assertThat(one.closed()).succeedsWithin(LockWorld.LONG);
  }

  @Test
  void resign_leader_queuesAgainAtTheEnd() throws Exception {
    HeardTerms first = new HeardTerms();
    HeardTerms second = new HeardTerms();
    candidates.join(candidates.election(world.client("one")), "n1", first);
    candidates.join(candidates.election(world.client("two")), "n2", second);
    Leadership term = first.elected();
    term.resign().get(20, TimeUnit.SECONDS);
    assertThat(first.next()).isEqualTo("revoked " + term.epoch() + " resigned");
    Leadership next = second.elected();
    world.awaitQueue("e", 2);
    next.resign().get(20, TimeUnit.SECONDS);
    assertThat(first.elected().epoch()).isGreaterThan(next.epoch());
  }

  @Test
  @Tag("full")
  void session_expired_leaderIsToldAndIsACandidateAgain() throws Exception {
    CuratorFramework curator = world.curator(world.server.connectString());
    HeardTerms first = new HeardTerms();
    HeardTerms second = new HeardTerms();
    CompletableFuture<Leadership> told = new CompletableFuture<>();
    candidates.join(candidates.election(world.clientOver(curator)), "n1", first);
    candidates.join(candidates.election(world.client("two")), "n2", second);
    Leadership term = first.elected();
    term.onLost(told::complete);
    world.expire(curator);
    assertThat(first.next()).isEqualTo("lost " + term.epoch() + " the session ended");
    assertThat(told.get(20, TimeUnit.SECONDS)).isSameAs(term);
    assertThat(term.isValid()).isFalse();
    Leadership next = second.elected();
    assertThat(next.epoch()).isGreaterThan(term.epoch());
    world.awaitQueue("e", 2);
    next.resign();
    assertThat(first.elected().epoch()).isGreaterThan(next.epoch());
  }

  @Test
  void node_removedByAnOperator_leaderIsToldAndQueuesAgain() throws Exception {
    HeardTerms heard = new HeardTerms();
    candidates.join(candidates.election(world.client("one")), "n1", heard);
    Leadership term = heard.elected();
    world.delete(world.queue("e").get(0).path());
    assertThat(heard.next()).isEqualTo("lost " + term.epoch() + " its node was removed");
    assertThat(heard.elected().epoch()).isGreaterThan(term.epoch());
  }

  @Test
  void check_cutBeforeItsReads_isRepeatedAfterTheReconnect() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient client = world.client("cut", proxy, SESSION);
    DistributedLock.named("e", client).acquire(LockWorld.LONG).close();
    world.awaitQueue("e", 0);
    Fault fault = proxy.cutBefore(Op.GET_DATA, 1);
    HeardTerms heard = new HeardTerms();
    Candidacy mine = candidates.election(client).join("n1", heard);
    heard.elected();
    assertThat(fault.landed()).isTrue();
    assertThat(world.queue("e")).hasSize(1);
    mine.close();
  }

  @Test
  void follow_leadersComeAndGo_isToldOfEachAndOfNone() throws Exception {
    LiveValue<Optional<Leader>> seen =
        world.keep(candidates.election(world.client("observer")).follow());
    BlockingQueue<Optional<Leader>> told = new LinkedBlockingQueue<>();
    seen.subscribe(told::add);
    assertThat(told.poll(20, TimeUnit.SECONDS)).isEmpty();
    HeardTerms first = new HeardTerms();
    HeardTerms second = new HeardTerms();
    Candidacy one = candidates.join(candidates.election(world.client("one")), "n1", first);
    FencingToken epoch = first.elected().epoch();
    assertThat(told.poll(20, TimeUnit.SECONDS)).contains(new Leader("n1", "one", epoch));
    Candidacy two = candidates.join(candidates.election(world.client("two")), "n2", second);
    one.close();
    FencingToken next = second.elected().epoch();
    assertThat(told.poll(20, TimeUnit.SECONDS)).contains(new Leader("n2", "two", next));
    two.close();
    assertThat(told.poll(20, TimeUnit.SECONDS)).isEmpty();
    assertThat(seen.current()).isEmpty();
  }

  @Test
  @Tag("full")
  void follow_leaderGoesWhileTheObserverIsCutOff_isSeenAfterTheReconnect() throws Exception {
    FaultProxy proxy = world.proxy();
    HeardTerms heard = new HeardTerms();
    Candidacy one = candidates.join(candidates.election(world.client("one")), "n1", heard);
    heard.elected();
    LiveValue<Optional<Leader>> seen =
        world.keep(candidates.election(world.client("observer", proxy, SESSION)).follow());
    seen.awaitReady(LockWorld.LONG);
    assertThat(seen.current()).map(Leader::label).contains("n1");
    proxy.refuse();
    proxy.cut();
    await().until(() -> !seen.age().isZero());
    one.close();
    world.awaitQueue("e", 0);
    assertThat(seen.current()).isPresent();
    proxy.heal();
    await().until(() -> seen.current().isEmpty() && seen.age().isZero());
  }

  @Test
  void follow_closed_leavesNoWatch() throws Exception {
    ZkClient observer = world.client("observer");
    ZkClient one = world.client("one");
    HeardTerms heard = new HeardTerms();
    LockWorld.settle(observer, one);
    int watches = world.server.watchCount();
    LiveValue<Optional<Leader>> seen = candidates.election(observer).follow();
    seen.awaitReady(LockWorld.LONG);
    assertThat(world.server.watchCount()).isEqualTo(watches + 1);
    Candidacy mine = candidates.join(candidates.election(one), "n1", heard);
    await().until(() -> seen.current().isPresent());
    seen.close();
    await().until(() -> world.queue("e").size() == 1);
    mine.close();
    mine.closed().get(20, TimeUnit.SECONDS);
    await().until(() -> world.server.watchCount() <= watches);
  }

  @Test
  void close_client_endsTheTermAndTellsTheLeader() throws Exception {
    HeardTerms first = new HeardTerms();
    HeardTerms second = new HeardTerms();
    ZkClient client = world.client("one");
    Candidacy one = candidates.join(candidates.election(client), "n1", first);
    candidates.join(candidates.election(world.client("two")), "n2", second);
    Leadership term = first.elected();
    client.close();
    assertThat(first.next()).isEqualTo("lost " + term.epoch() + " the client is closed");
    assertThat(term.isValid()).isFalse();
    assertThat(one.closed()).succeedsWithin(LockWorld.LONG);
    second.elected();
  }

  @Test
  void fenced_afterTheTerm_isRefused() throws Exception {
    HeardTerms heard = new HeardTerms();
    candidates.join(candidates.election(world.client("one")), "n1", heard);
    Leadership term = heard.elected();
    term.resign().get(20, TimeUnit.SECONDS);
    assertThatThrownBy(() ->
            term.fenced().create(world.root + "/x", new byte[0]).commit().get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(LockLostException.class);
  }

  @Test
  void join_badLabel_isRefused() {
    assertThatThrownBy(() -> candidates.election(world.client("x")).join("a/b", new HeardTerms()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("label: \"a/b\"");
  }
}
