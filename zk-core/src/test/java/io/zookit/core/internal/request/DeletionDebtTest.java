package io.zookit.core.internal.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.node.ZkPath;
import io.zookit.core.internal.session.SimulatedEnsemble;
import io.zookit.core.internal.session.SimulatedSession;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.api.Test;

class DeletionDebtTest {

  private static final ZkPath NODE = ZkPath.absolute("/r/x");

  @Test
  void delete_throttledByTheServer_isSentAgain() {
    SimulatedEnsemble ensemble = new SimulatedEnsemble(1);
    ensemble.connect();
    SimulatedSession session = ensemble.session();
    ZkPath path = ZkPath.absolute("/r/x");
    ensemble.tree.put(path.value(), new SimulatedEnsemble.Node(session.id(), new byte[0]));
    session.refuseDeletes(2, Code.THROTTLEDOP);
    CompletableFuture<Void> gone = ensemble.debt.delete(session, path);
    while (session.serveOne()) {
      assertThat(session.answerOne()).isTrue();
    }
    assertThat(ensemble.tree).isEmpty();
    assertThat(gone).isDone();
    assertThat(ensemble.debt.size()).isZero();
  }

  @Test
  void delete_refused_isOwedAndSentAgainEveryMinute() {
    SimulatedEnsemble ensemble = new SimulatedEnsemble(1);
    SimulatedSession session = holding(ensemble);
    session.refuseDeletes(2, Code.NOAUTH);
    CompletableFuture<Void> gone = ensemble.debt.delete(session, NODE);
    serve(session);
    assertThat(gone).isNotDone();
    assertThat(ensemble.counted("zookit.client.deletes.refused")).isEqualTo(1);
    ensemble.fireOne();
    serve(session);
    assertThat(gone).isNotDone();
    assertThat(ensemble.counted("zookit.client.deletes.refused")).isEqualTo(2);
    ensemble.fireOne();
    serve(session);
    assertThat(gone).isDone();
    assertThat(ensemble.tree).isEmpty();
    assertThat(ensemble.debt.size()).isZero();
    assertThat(ensemble.hasTimers()).isFalse();
  }

  @Test
  void delete_refusedAndItsSessionEnds_isDoneAndNoTimerIsLeft() {
    SimulatedEnsemble ensemble = new SimulatedEnsemble(1);
    SimulatedSession session = holding(ensemble);
    session.refuseDeletes(1, Code.NOAUTH);
    CompletableFuture<Void> gone = ensemble.debt.delete(session, NODE);
    serve(session);
    assertThat(gone).isNotDone();
    ensemble.expire();
    ensemble.connect();
    assertThat(gone).isDone();
    assertThat(ensemble.hasTimers()).isFalse();
  }

  @Test
  void whenSettled_whatIsRefused_isNotWaitedFor() {
    SimulatedEnsemble ensemble = new SimulatedEnsemble(1);
    SimulatedSession session = holding(ensemble);
    session.refuseDeletes(1, Code.NOAUTH);
    ensemble.debt.delete(session, NODE);
    CompletableFuture<Void> before = new CompletableFuture<>();
    ensemble.debt.whenSettled(before);
    assertThat(before).isNotDone();
    serve(session);
    CompletableFuture<Void> settled = new CompletableFuture<>();
    ensemble.debt.whenSettled(settled);
    assertThat(settled).isDone();
  }

  private static SimulatedSession holding(SimulatedEnsemble ensemble) {
    ensemble.connect();
    SimulatedSession session = ensemble.session();
    ensemble.tree.put(NODE.value(), new SimulatedEnsemble.Node(session.id(), new byte[0]));
    return session;
  }

  private static void serve(SimulatedSession session) {
    while (session.serveOne()) {
      assertThat(session.answerOne()).isTrue();
    }
  }
}
