package io.zookit.lock;

import io.zookit.core.FencingToken;
import io.zookit.core.SessionState;
import io.zookit.core.ZkClient;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.RecordedHistory;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.curator.framework.CuratorFramework;
import org.awaitility.Awaitility;

/**
 * A client whose connection can be cut and whose session can be ended, and which knows what it held at that moment: from
 * then on it holds nothing, whatever it believes. Grants of a session that was being ended meanwhile cannot be judged,
 * and are not recorded.
 */
final class HistoryClient {

  /** A lease that a worker of this client holds, or believes to hold. */
  record Held(String worker, String lock, FencingToken token, PermitHistory.Hold hold) {}

  /** The state of the client when a request began. */
  record Asked(int session, boolean sure) {}

  private final LockWorld world;
  private final RecordedHistory history;
  private final FaultProxy proxy;
  private final CuratorFramework curator;
  private final ZkClient client;
  private final Set<Held> held = new HashSet<>();
  private final ReentrantLock endings = new ReentrantLock();
  private int session;
  private boolean ending;

  HistoryClient(LockWorld world, RecordedHistory history) {
    this.world = world;
    this.history = history;
    this.proxy = world.proxy();
    this.curator = world.curator(proxy.connectString());
    this.client = world.clientOver(curator);
  }

  ZkClient client() {
    return client;
  }

  synchronized Asked ask() {
    return new Asked(session, !ending);
  }

  /** Records a grant; false if it does not count. */
  synchronized boolean granted(Asked asked, Held grant) {
    if (ending || !asked.sure || asked.session != session) {
      return false;
    }
    held.add(grant);
    grant.hold().begin();
    history.granted(grant.worker(), grant.lock(), grant.token());
    return true;
  }

  /** Before the release. */
  synchronized void releasing(Held grant) {
    if (held.remove(grant)) {
      history.releasing(grant.worker(), grant.lock(), grant.token());
      grant.hold().end();
    }
  }

  void cut() {
    proxy.cut();
  }

  /** The server ends the session; the client learns it later. Ends when it has a new one. */
  void expire() throws Exception {
    endings.lock(); // so that the end of the session before is not mistaken for the one that is
    // awaited
    try {
      endSession();
    } finally {
      endings.unlock();
    }
  }

  private void endSession() throws Exception {
    synchronized (this) {
      ending = true;
      session++;
      held.forEach(each -> {
        history.lost(each.worker(), each.lock(), each.token());
        each.hold().end();
      });
      held.clear();
    }
    long old = curator.getZookeeperClient().getZooKeeper().getSessionId();
    world.server.expire(old);
    Awaitility.await().atMost(LockWorld.LONG.multipliedBy(2)).until(() -> isNew(old));
    synchronized (this) {
      ending = false;
      session++;
    }
  }

  private boolean isNew(long old) throws Exception {
    long now = curator.getZookeeperClient().getZooKeeper().getSessionId();
    return client.session().state() == SessionState.CONNECTED && now != 0 && now != old;
  }
}
