package io.zookit.lock.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.lock.LockWorld;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The next leader: the candidate that the leader names, and candidates of greater priority. */
@Tag("full")
class LeaderTransferIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final Candidates candidates = new Candidates(world);

  @BeforeEach
  void open() {
    world.awaitNoWatch();
  }

  @Test
  void transferTo_lastOfThree_leadsNextAndTheOthersStayCandidates() throws Exception {
    HeardTerms first = new HeardTerms();
    HeardTerms second = new HeardTerms();
    HeardTerms third = new HeardTerms();
    candidates.join(candidates.election(world.client("one")), "n1", first);
    candidates.join(candidates.election(world.client("two")), "n2", second);
    candidates.join(candidates.election(world.client("three")), "n3", third);
    Leadership term = first.elected();
    term.transferTo("n3", Duration.ofMinutes(1)).get(20, TimeUnit.SECONDS);
    assertThat(first.next()).isEqualTo("revoked " + term.epoch() + " passed on to n3");
    Leadership chosen = third.elected();
    assertThat(chosen.epoch()).isGreaterThan(term.epoch());
    assertThat(second.words).isEmpty();
    world.awaitQueue("e", 3);
    chosen.resign();
    await().until(() -> !first.words.isEmpty() || !second.words.isEmpty());
  }

  @Test
  void transferTo_nobodyOfThatLabel_changesNothing() throws Exception {
    HeardTerms first = new HeardTerms();
    HeardTerms second = new HeardTerms();
    candidates.join(candidates.election(world.client("one")), "n1", first);
    candidates.join(candidates.election(world.client("two")), "n2", second);
    Leadership term = first.elected();
    assertThatThrownBy(() -> term.transferTo("n9", Duration.ofMinutes(1)).get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ZkException.class)
        .hasMessageContaining("no candidate n9 waits; nothing was changed");
    assertThat(term.isValid()).isTrue();
    assertThat(first.words).isEmpty();
    assertThatThrownBy(() -> term.transferTo("n1", Duration.ofMinutes(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> term.transferTo("n2", Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void transferTo_longerThanTheClockCounts_isForAsLongAsItDoes() throws Exception {
    HeardTerms first = new HeardTerms();
    HeardTerms second = new HeardTerms();
    candidates.join(candidates.election(world.client("one")), "n1", first);
    candidates.join(candidates.election(world.client("two")), "n2", second);
    Leadership term = first.elected();
    term.transferTo("n2", Duration.ofSeconds(Long.MAX_VALUE)).get(20, TimeUnit.SECONDS);
    assertThat(second.elected().epoch()).isGreaterThan(term.epoch());
  }

  @Test
  void transferTo_chosenOneLeaves_theNextLeads() throws Exception {
    HeardTerms first = new HeardTerms();
    HeardTerms second = new HeardTerms();
    HeardTerms third = new HeardTerms();
    CompletableFuture<Void> work = new CompletableFuture<>();
    first.work = work;
    candidates.join(candidates.election(world.client("one")), "n1", first);
    candidates.join(candidates.election(world.client("two")), "n2", second);
    Candidacy chosen = candidates.join(candidates.election(world.client("three")), "n3", third);
    first.elected().transferTo("n3", Duration.ofMinutes(1));
    assertThat(first.next()).startsWith("revoked");
    chosen.close();
    world.awaitQueue("e", 2);
    work.complete(null);
    second.elected();
    assertThat(third.words).isEmpty();
  }

  @Test
  void transferTo_deadlineOver_theNextLeads() throws Exception {
    HeardTerms first = new HeardTerms();
    HeardTerms second = new HeardTerms();
    HeardTerms third = new HeardTerms();
    CompletableFuture<Void> work = new CompletableFuture<>();
    first.work = work;
    ZkClient one = world.client("one");
    candidates.join(candidates.election(one), "n1", first);
    candidates.join(candidates.election(world.client("two")), "n2", second);
    candidates.join(candidates.election(world.client("three")), "n3", third);
    first.elected().transferTo("n3", Duration.ofMillis(1));
    assertThat(first.next()).startsWith("revoked");
    long over = one.timekeeper().now().toEpochMilli() + 2;
    await().until(() -> one.timekeeper().now().toEpochMilli() > over);
    work.complete(null);
    second.elected();
    assertThat(third.words).isEmpty();
  }

  @Test
  void priority_greaterOneWaits_isLetPassAndEqualOnesKeepTheirOrder() throws Exception {
    HeardTerms first = new HeardTerms();
    HeardTerms low = new HeardTerms();
    HeardTerms high = new HeardTerms();
    Candidacy one = candidates.join(candidates.election(world.client("one")), "n1", first);
    candidates.join(candidates.election(world.client("two")), "low", low);
    candidates.join(candidates.election(world.client("three")).withPriority(5), "high", high);
    first.elected();
    assertThat(high.words).isEmpty(); // a leader is never displaced
    one.close();
    Leadership term = high.elected();
    assertThat(low.words).isEmpty();
    world.awaitQueue("e", 2);
    term.resign();
    // it queues again and waits already when the other's turn comes, or not yet: both are right
    await().until(() -> !low.words.isEmpty() || !high.words.isEmpty());
  }

  @Test
  void priority_noGreaterOneWaits_leads() throws Exception {
    HeardTerms low = new HeardTerms();
    candidates.join(candidates.election(world.client("one")), "low", low);
    low.elected();
    assertThatThrownBy(() -> candidates.election(world.client("two")).withPriority(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("priority: -1 (expected: 0 to 1000)");
  }
}
