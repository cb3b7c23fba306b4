package io.zookit.id.internal.counter;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedCurator;
import io.zookit.testkit.internal.sim.SimulatedEnsemble;
import io.zookit.testkit.internal.sim.VirtualProcess;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** An ensemble where things go wrong, and clients in virtual time. */
final class SharedWorld {

  private static final ZkPath ROOT = new ZkPath("/zk");
  private static final long SECOND = VirtualTime.SECOND;

  final VirtualTime time;
  final SimulatedEnsemble ensemble;
  final List<String> findings = new ArrayList<>();
  private final long timeout;
  private boolean stopped;
  private int clients;

  SharedWorld(long seed) {
    this.time = new VirtualTime(seed);
    this.ensemble = new SimulatedEnsemble(time);
    this.timeout = time.between(2 * SECOND, 6 * SECOND);
  }

  SimulatedClient client() {
    SimulatedCurator curator = new SimulatedCurator(new VirtualProcess(time), ensemble, timeout);
    return new SimulatedClient(
        "p" + clients++, ROOT, curator, failure -> found("thrown: " + failure));
  }

  /** Calls a part of a client after each connect, as its engine does. */
  static void onConnected(SimulatedClient client, Consumer<SessionHandle> part) {
    client.onSessions(new SessionListener() {
      @Override
      public void onConnected(SessionHandle handle) {
        part.accept(handle);
      }

      @Override
      public void onSuspect(SessionHandle handle) {}

      @Override
      public void onLost(SessionHandle handle) {}
    });
  }

  /** Something happens to a client, or to the ensemble. */
  void harm(SimulatedClient victim) {
    SimulatedCurator curator = victim.curator();
    switch (time.below(5)) {
      case 0 -> curator.session().ifPresent(session -> ensemble.end(session.id()));
      case 1 -> victim.process().freeze(time.between(0, 8 * SECOND));
      case 2 -> {
        curator.isolate();
        time.within(0, 9 * SECOND, curator::rejoin);
      }
      case 3 ->
        victim.connection().ifPresent(connection -> {
          connection.server().lag();
          time.within(0, 3 * SECOND, connection.server()::rejoin);
        });
      default -> restart();
    }
  }

  private void restart() {
    if (!stopped) {
      stopped = true;
      ensemble.stop();
      time.within(SECOND / 10, 2 * SECOND, () -> {
        stopped = false;
        ensemble.start();
      });
    }
  }

  void found(String finding) {
    findings.add(Duration.ofNanos(time.nanos()) + " " + finding);
  }
}
