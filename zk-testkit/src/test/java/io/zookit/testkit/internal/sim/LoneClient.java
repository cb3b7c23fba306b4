package io.zookit.testkit.internal.sim;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Ids;

/** One client alone on the simulated ZooKeeper, below a root that exists. */
final class LoneClient {

  static final ZkPath ROOT = ZkPath.absolute("/r");
  private static final long TIMEOUT = 6 * VirtualTime.SECOND;
  private static final Duration LONG = Duration.ofMinutes(3);

  final VirtualTime time;
  final SimulatedEnsemble ensemble;
  final SimulatedCurator curator;
  final SimulatedClient client;

  /** Everything that tasks of the loop threw. */
  final List<Throwable> failures = new ArrayList<>();

  private boolean connected;

  LoneClient(long seed, Defect... defects) {
    time = new VirtualTime(seed);
    ensemble = new SimulatedEnsemble(time, defects);
    foreign("/r");
    curator = new SimulatedCurator(new VirtualProcess(time), ensemble, TIMEOUT);
    client = new SimulatedClient("client", ROOT, curator, failures::add);
    client.onSessions(new SessionListener() {
      @Override
      public void onConnected(SessionHandle handle) {
        connected = true;
      }

      @Override
      public void onSuspect(SessionHandle handle) {
        connected = false;
      }

      @Override
      public void onLost(SessionHandle handle) {
        connected = false;
      }
    });
    curator.connect();
  }

  /** Runs until the client trusts a session. */
  LoneClient connect() {
    while (!connected) {
      time.step();
    }
    return this;
  }

  /** Runs for so long that everything that is retried every minute was retried. */
  void settle() {
    time.run(LONG);
  }

  /** Creates a persistent node of another client. */
  void foreign(String path) {
    Op create = Op.create(path, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    if (ensemble.operate(List.of(create)) != Code.OK) {
      throw new AssertionError("not created: " + path);
    }
  }

  SimulatedHandle handle() {
    return client.simulatedHandle().orElseThrow();
  }

  /** The paths below the root. */
  List<String> nodes() {
    return ensemble.tree().where(node -> true).stream()
        .filter(path -> path.startsWith("/r/"))
        .toList();
  }

  SimulatedNode node(String path) {
    SimulatedNode node = ensemble.tree().find(path);
    if (node == null) {
      throw new AssertionError("no node " + path);
    }
    return node;
  }
}
