package io.zookit.lock.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.zookit.core.FencingToken;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.store.VersionedState.ChangeOutcome;
import io.zookit.lock.internal.store.VersionedState.ChangeRefused;
import io.zookit.lock.internal.store.VersionedState.ChangeUnanswered;
import io.zookit.lock.internal.store.VersionedState.OwnNodeGone;
import io.zookit.lock.internal.store.VersionedState.StateStored;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedCurator;
import io.zookit.testkit.internal.sim.SimulatedEnsemble;
import io.zookit.testkit.internal.sim.SimulatedNode;
import io.zookit.testkit.internal.sim.SimulatedRequest;
import io.zookit.testkit.internal.sim.VirtualProcess;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Ids;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes of a lock's state under conflicts, missing nodes and lost answers, in virtual time. */
class VersionedStateTest {

  private static final Duration SOON = Duration.ofSeconds(5);

  private final VirtualTime time = new VirtualTime(7);
  private final SimulatedEnsemble ensemble = new SimulatedEnsemble(time);
  private final SimulatedCurator curator =
      new SimulatedCurator(new VirtualProcess(time), ensemble, 20 * VirtualTime.SECOND);
  private final List<Throwable> failures = new ArrayList<>();
  private final SimulatedClient client =
      new SimulatedClient("p", new ZkPath("/zk"), curator, failures::add);
  private final LockStateNode node = new LockStateNode(client, "folder/a");
  private final String path = node.path().value();
  private final List<ChangeOutcome> outcomes = new ArrayList<>();

  @BeforeEach
  void connect() {
    curator.connect();
    time.run(SOON);
  }

  @Test
  void change_folderIsMissing_createsItAndTheState() {
    assertThat(raise(state())).isInstanceOf(StateStored.class);
    assertThat(stored().maximum()).isOne();
  }

  @Test
  void change_anotherWriteCameFirst_isDecidedByThatOne() {
    VersionedState state = state();
    raise(state);
    operate(Op.setData(path, LockState.semaphore(7).encoded(), -1));
    assertThat(raise(state))
        .isEqualTo(new StateStored(LockState.semaphore(7), LockState.semaphore(8)));
    assertThat(stored().maximum()).isEqualTo(8);
  }

  @Test
  void change_anotherClientCreatesTheNodeFirst_isDecidedByThatOne() {
    raise(state());
    KnownState absent = new KnownState(LockState.empty(LockState.SEMAPHORE), KnownState.ABSENT);
    assertThat(raise(state().knownAs(absent)))
        .isEqualTo(new StateStored(LockState.semaphore(1), LockState.semaphore(2)));
  }

  @Test
  void change_nodeWasRemovedSince_createsIt() {
    VersionedState state = state();
    raise(state);
    ensemble.remove(path);
    assertThat(raise(state))
        .isEqualTo(new StateStored(LockState.empty(LockState.SEMAPHORE), LockState.semaphore(1)));
    assertThat(stored().maximum()).isOne();
  }

  @Test
  void change_ownNodeDoesNotExist_writesNothing() {
    VersionedState state = state();
    change(state, Op.check("/own", -1));
    assertThat(outcomes).containsExactly(new OwnNodeGone());
    assertThat(ensemble.tree().find(path)).isNull();

    operate(Op.create("/own", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
    change(state, Op.check("/own", -1));
    assertThat(outcomes).last().isInstanceOf(StateStored.class);
    assertThat(stored().maximum()).isOne();
  }

  @Test
  void change_writeIsNotAnswered_reportsWhatItMayHaveReplaced_andTheNextReadsAgain() {
    VersionedState state = state();
    raise(state);
    FencingToken token = client.token(1, 0);
    assertThat(state.mayBeHeldBy(token)).isFalse();
    ensemble.loseAnswers((from, request) -> request.kind() == SimulatedRequest.Kind.WRITE);
    assertThat(raise(state))
        .asInstanceOf(type(ChangeUnanswered.class))
        .extracting(ChangeUnanswered::replaced)
        .isEqualTo(LockState.semaphore(1));
    assertThat(state.mayBeHeldBy(token)).isTrue();

    ensemble.loseAnswers((from, request) -> false);
    time.run(SOON);
    assertThat(raise(state))
        .isEqualTo(new StateStored(LockState.semaphore(2), LockState.semaphore(3)));
    assertThat(state.mayBeHeldBy(token)).isFalse();
  }

  @Test
  void change_earlierWriteHasNoAnswerYet_reportsWhatThatMayHaveReplaced() {
    VersionedState state = state();
    raise(state);
    client.run(() -> {
      state.change(VersionedStateTest::raised, outcomes::add);
      state.change(VersionedStateTest::raised, outcomes::add);
    });
    time.run(SOON);
    assertThat(outcomes.get(1))
        .isEqualTo(new ChangeUnanswered(Code.CONNECTIONLOSS, LockState.semaphore(1)));
    assertThat(outcomes.get(2))
        .isEqualTo(new StateStored(LockState.semaphore(2), LockState.semaphore(3)));
  }

  @Test
  void change_stateIsOfAnotherKind_isRefused() {
    raise(state());
    VersionedState other = new VersionedState(client, session(), node, LockState.LOCK);
    assertThat(raise(other)).isInstanceOf(ChangeRefused.class);
    assertThat(stored().maximum()).isOne();
  }

  @Test
  void cancel_changeIsUnderWay_writesAndReportsNothing() {
    VersionedState state = state();
    client.run(() -> {
      state.change(VersionedStateTest::raised, outcomes::add);
      state.cancel();
    });
    time.run(SOON);
    assertThat(outcomes).isEmpty();
    assertThat(ensemble.tree().find(path)).isNull();
  }

  private SessionHandle session() {
    return client.handle().orElseThrow();
  }

  private VersionedState state() {
    return new VersionedState(client, session(), node, LockState.SEMAPHORE);
  }

  /** Raises the maximum by one. */
  private ChangeOutcome raise(VersionedState state) {
    client.run(() -> state.change(VersionedStateTest::raised, outcomes::add));
    time.run(SOON);
    return outcomes.get(outcomes.size() - 1);
  }

  private void change(VersionedState state, Op own) {
    client.run(() -> state.change(own, VersionedStateTest::raised, outcomes::add));
    time.run(SOON);
  }

  private static Optional<LockState> raised(LockState present) {
    Integer maximum = present.maximum();
    return Optional.of(LockState.semaphore(maximum == null ? 1 : maximum + 1));
  }

  private LockState stored() {
    SimulatedNode stored = Objects.requireNonNull(ensemble.tree().find(path));
    assertThat(failures).isEmpty();
    return LockState.read(stored.data(), LockState.SEMAPHORE, node.path());
  }

  private void operate(Op operation) {
    assertThat(ensemble.operate(List.of(operation))).isEqualTo(Code.OK);
  }
}
