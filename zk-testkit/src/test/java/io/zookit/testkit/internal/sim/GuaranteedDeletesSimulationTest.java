package io.zookit.testkit.internal.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.GuaranteedDeletes;
import io.zookit.core.internal.request.GuaranteedDeletes.CompanionExecuted;
import io.zookit.core.internal.request.GuaranteedDeletes.CompanionNotExecuted;
import io.zookit.core.internal.request.GuaranteedDeletes.CompanionOutcome;
import io.zookit.core.internal.request.GuaranteedDeletes.NodeUndeletable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.junit.jupiter.api.Test;

/** Deletes that a client owes, over the simulated ZooKeeper. */
class GuaranteedDeletesSimulationTest {

  private static final ZkPath NODE = ZkPath.absolute("/r/x");
  private static final ZkPath OTHER = ZkPath.absolute("/r/y");
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final Duration MINUTE = Duration.ofSeconds(61);

  private final LoneClient world = new LoneClient(1).connect();
  private final List<String> noticed = new ArrayList<>();
  private int transactions;
  private int refused;
  private int most;

  @Test
  void delete_throttledByTheServer_isSentAgain() {
    create();
    refuse(2, Code.THROTTLEDOP);
    CompletableFuture<Void> gone = delete();
    world.time.run(SOON);
    assertThat(refused).isEqualTo(2);
    assertThat(world.nodes()).isEmpty();
    assertThat(gone).isDone();
    assertThat(world.client.debt().size()).isZero();
  }

  @Test
  void delete_refused_isOwedAndSentAgainEveryMinute() {
    create();
    refuse(2, Code.NOAUTH);
    CompletableFuture<Void> gone = delete();
    world.time.run(SOON);
    assertThat(gone).isNotDone();
    assertThat(counted()).isEqualTo(1);
    world.time.run(MINUTE);
    assertThat(gone).isNotDone();
    assertThat(counted()).isEqualTo(2);
    world.time.run(MINUTE);
    assertThat(gone).isDone();
    assertThat(world.nodes()).isEmpty();
    assertThat(world.client.debt().size()).isZero();
  }

  @Test
  void delete_refusedAndItsSessionEnds_isDoneAndNotSentAgain() {
    create();
    refuse(Integer.MAX_VALUE, Code.NOAUTH);
    CompletableFuture<Void> gone = delete();
    world.time.run(SOON);
    assertThat(gone).isNotDone();
    world.ensemble.end(world.handle().sessionId());
    world.time.run(SOON);
    assertThat(gone).isDone();
    int sent = refused;
    world.settle();
    assertThat(refused).isEqualTo(sent);
  }

  @Test
  void whenSettled_whatIsRefused_isNotWaitedFor() {
    create();
    refuse(1, Code.NOAUTH);
    delete();
    List<CompletableFuture<Void>> settled = new ArrayList<>();
    whenSettled(settled);
    assertThat(settled.get(0)).isNotDone();
    world.time.run(SOON);
    whenSettled(settled);
    assertThat(settled.get(1)).isDone();
  }

  @Test
  void delete_answerLost_isSentAgainWithTheNextConnection() {
    create();
    boolean[] lost = {false};
    world.ensemble.loseAnswers((from, request) -> {
      boolean loses = !lost[0]
          && request.operations().stream().anyMatch(each -> each.getType() == OpCode.delete);
      lost[0] |= loses;
      return loses;
    });
    CompletableFuture<Void> gone = delete();
    world.settle();
    assertThat(lost[0]).isTrue();
    assertThat(gone).isDone();
    assertThat(world.nodes()).isEmpty();
    assertThat(world.client.debt().size()).isZero();
  }

  @Test
  void delete_requiredNodeExists_isOneTransaction() {
    create();
    createOther();
    CompletableFuture<Void> gone = deleteIfOtherExists();
    world.time.run(SOON);
    assertThat(gone).isDone();
    assertThat(world.nodes()).containsExactly(OTHER.value());
    assertThat(noticed).containsExactly("executed");
    assertThat(transactions).isEqualTo(1);
  }

  @Test
  void delete_requiredNodeIsMissing_deletesAllTheSameAndReportsIt() {
    create();
    CompletableFuture<Void> gone = deleteIfOtherExists();
    world.time.run(SOON);
    assertThat(gone).isDone();
    assertThat(world.nodes()).isEmpty();
    assertThat(noticed).containsExactly("not executed: 0 NONODE");
  }

  @Test
  void delete_withACheckAndRefused_isReportedAndSentAgainWithoutTheCheck() {
    create();
    createOther();
    refuse(1, Code.NOAUTH);
    CompletableFuture<Void> gone = deleteIfOtherExists();
    world.time.run(SOON);
    assertThat(gone).isNotDone();
    assertThat(noticed).containsExactly("refused", "not executed: -1 NOAUTH");
    world.time.run(MINUTE);
    assertThat(gone).isDone();
    assertThat(world.nodes()).containsExactly(OTHER.value());
    assertThat(transactions).isEqualTo(1);
  }

  @Test
  void delete_answerWithACheckLost_isSentAgainWithoutTheCheck() {
    create();
    boolean[] lost = {false};
    world.ensemble.loseAnswers((from, request) -> {
      boolean loses = !lost[0] && request.operations().size() == 2;
      lost[0] |= loses;
      return loses;
    });
    CompletableFuture<Void> gone = deleteIfOtherExists();
    world.settle();
    assertThat(lost[0]).isTrue();
    assertThat(gone).isDone();
    assertThat(world.nodes()).isEmpty();
    assertThat(noticed).containsExactly("not answered");
  }

  private CompletableFuture<Void> deleteIfOtherExists() {
    world.ensemble.loseRequests((from, request) -> {
      transactions += request.operations().size() == 2 ? 1 : 0;
      return false;
    });
    GuaranteedDeletes.Companion check = new GuaranteedDeletes.Companion() {
      @Override
      public List<Op> operations() {
        return List.of(Op.check(OTHER.value(), -1));
      }

      @Override
      public void onOutcome(CompanionOutcome outcome) {
        if (outcome instanceof CompanionNotExecuted not) {
          noticed.add("not executed: " + not.operation() + " " + not.code());
        } else if (outcome instanceof CompanionExecuted) {
          noticed.add("executed");
        } else {
          noticed.add(outcome instanceof NodeUndeletable ? "refused" : "not answered");
        }
      }
    };
    List<CompletableFuture<Void>> owed = new ArrayList<>();
    world.client.run(() -> owed.add(world.client.debt().delete(world.handle(), NODE, check)));
    return owed.get(0);
  }

  private void createOther() {
    world.client.run(() -> world
        .handle()
        .create(OTHER, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL, answer -> {}));
    world.time.run(SOON);
  }

  private void whenSettled(List<CompletableFuture<Void>> settled) {
    CompletableFuture<Void> each = new CompletableFuture<>();
    settled.add(each);
    world.client.run(() -> world.client.debt().whenSettled(each));
  }

  private void create() {
    world.client.run(() -> world
        .handle()
        .create(NODE, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL, answer -> {}));
    world.time.run(SOON);
    assertThat(world.nodes()).containsExactly(NODE.value());
  }

  private void refuse(int count, Code code) {
    most = count;
    world.ensemble.refuse((operation, session) -> {
      if (operation.getType() != OpCode.delete || refused == most) {
        return Code.OK;
      }
      refused++;
      return code;
    });
  }

  private CompletableFuture<Void> delete() {
    List<CompletableFuture<Void>> owed = new ArrayList<>();
    world.client.run(() -> owed.add(world.client.debt().delete(world.handle(), NODE)));
    return owed.get(0);
  }

  private long counted() {
    return world.client.measured().counted("zookit.client.deletes.refused");
  }
}
