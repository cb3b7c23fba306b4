package io.zookit.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DeletionDebtTest {

  @Test
  void delete_throttledByTheServer_isSentAgain() {
    SimulatedEnsemble ensemble = new SimulatedEnsemble(1);
    ensemble.connect();
    SimulatedSession session = ensemble.session();
    ZkPath path = ZkPath.absolute("/r/x");
    ensemble.tree.put(path.value(), new SimulatedEnsemble.Node(session.id(), new byte[0]));
    session.throttleDeletes(2);
    CompletableFuture<Void> gone = ensemble.debt.delete(session, path);
    while (session.serveOne()) {
      assertThat(session.answerOne()).isTrue();
    }
    assertThat(ensemble.tree).isEmpty();
    assertThat(gone).isDone();
    assertThat(ensemble.debt.size()).isZero();
  }
}
