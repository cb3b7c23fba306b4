package io.zookit.lock.internal.request;

import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedConnection;
import io.zookit.testkit.internal.sim.SimulatedEnsemble;
import io.zookit.testkit.internal.sim.SimulatedServer;
import io.zookit.testkit.internal.sim.TreeChange;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooDefs;

/** Faults of a run, at random times. */
final class Faults {

  private final VirtualTime time;
  private final SimulatedEnsemble ensemble;
  private final List<SimulatedUser> users;
  private final LockTruth truth;
  private final boolean honest;
  private final Consumer<String> note;
  private boolean down;
  private boolean healed;

  Faults(
      VirtualTime time,
      SimulatedEnsemble ensemble,
      List<SimulatedUser> users,
      LockTruth truth,
      boolean honest,
      Consumer<String> note) {
    this.time = time;
    this.ensemble = ensemble;
    this.users = users;
    this.truth = truth;
    this.honest = honest;
    this.note = note;
  }

  /** Some faults within a span. */
  void schedule(long span, long timeout) {
    int count = time.below(9);
    for (int i = 0; i < count; i++) {
      time.within(0, span, () -> happen(timeout));
    }
    for (int i = 0; i < 6; i++) {
      time.within(0, span, ensemble::removeEmptiedContainers);
    }
  }

  /** An operator removes some nodes in their first second, and sometimes the ensemble refuses to delete some. */
  void removeYoungNodes() {
    ensemble.record((changes, zxid, session) -> {
      for (TreeChange change : changes) {
        if (change instanceof TreeChange.NewNode node
            && node.path().contains("/~q/")
            && !healed
            && time.chance(0.1)) {
          time.within(0, VirtualTime.SECOND, () -> {
            note.accept("fault: operator removes " + node.path());
            ensemble.remove(node.path());
          });
        }
      }
    });
  }

  /** Refuses some deletes of queue nodes, each until all is healed. */
  void refuseDeletes() {
    note.accept("fault: some deletes are refused");
    Set<String> refused = new HashSet<>();
    ensemble.refuse((operation, session) -> {
      String path = operation.getPath();
      if (operation.getType() != ZooDefs.OpCode.delete
          || session == SimulatedEnsemble.OPERATOR
          || !path.contains("/~q/")) {
        return Code.OK;
      }
      if (refused.size() < 2 && time.chance(0.2)) {
        refused.add(path);
        truth.refused(path);
      }
      return refused.contains(path) ? Code.NOAUTH : Code.OK;
    });
  }

  private void happen(long timeout) {
    switch (time.below(honest ? 11 : 16)) {
      case 0, 1 -> cut();
      case 2 -> silence(true);
      case 3 -> silence(false);
      case 4 -> expireAtClient();
      case 5 -> restart(timeout);
      case 6 -> crash();
      case 7, 8 -> stop(timeout);
      case 9, 10 -> lag(timeout);
      case 11, 12 -> expireAtServer();
      case 13 -> part(timeout);
      case 14 -> refuseDeletes();
      default -> remove();
    }
  }

  private SimulatedUser any() {
    return users.get(time.below(users.size()));
  }

  private void cut() {
    SimulatedConnection connection = any().client().connection().orElse(null);
    if (connection != null) {
      note.accept("fault: cut " + Long.toHexString(connection.sessionId()));
      connection.cut();
    }
  }

  private void silence(boolean bothWays) {
    SimulatedConnection connection = any().client().connection().orElse(null);
    if (connection != null) {
      note.accept("fault: silence " + Long.toHexString(connection.sessionId()) + " " + bothWays);
      connection.silence(bothWays);
    }
  }

  private void expireAtClient() {
    SimulatedClient client = any().client();
    client.curator().session().ifPresent(session -> {
      note.accept("fault: client gives up session " + Long.toHexString(session.id()));
      client.curator().giveUp(session);
    });
  }

  private void expireAtServer() {
    any().client().curator().session().ifPresent(session -> {
      note.accept("fault: ensemble ends session " + Long.toHexString(session.id()));
      ensemble.end(session.id());
    });
  }

  private void restart(long timeout) {
    if (!down) {
      down = true;
      note.accept("fault: ensemble stops");
      ensemble.stop();
      time.within(0, 2 * timeout, this::start);
    }
  }

  private void start() {
    if (down) {
      down = false;
      note.accept("ensemble starts");
      ensemble.start();
    }
  }

  private void crash() {
    long living = users.stream().filter(user -> !user.isGone()).count();
    SimulatedUser user = any();
    if (living > 1 && !user.isGone()) {
      note.accept("fault: process " + user.client().label() + " is killed");
      user.client().curator().kill();
    }
  }

  /** A process stands still, as in a long garbage collection, and goes on as if nothing had been. */
  private void stop(long timeout) {
    SimulatedClient client = any().client();
    note.accept("fault: process " + client.label() + " stands still");
    client.process().freeze(time.between(timeout / 4, timeout * 2));
    if (time.chance(0.3)) { // and its server does not know that its session is over
      client.connection().ifPresent(connection -> lag(connection.server(), 2 * timeout));
    }
  }

  private void part(long timeout) {
    SimulatedServer server =
        ensemble.servers().get(time.below(ensemble.servers().size()));
    if (server.isUp()) {
      note.accept("fault: a server parts");
      server.part();
      time.within(timeout / 2, timeout * 2, () -> rejoin(server));
    }
  }

  private void lag(long timeout) {
    lag(ensemble.servers().get(time.below(ensemble.servers().size())), timeout);
  }

  private void lag(SimulatedServer server, long timeout) {
    if (server.isUp()) {
      note.accept("fault: a server lags");
      server.lag();
      time.within(timeout / 8, timeout * 3 / 2, () -> rejoin(server));
    }
  }

  private void rejoin(SimulatedServer server) {
    if (!down) {
      server.rejoin();
    }
  }

  /** An operator breaks a lock, either some time after its client has lost the connection or at any time. */
  private void remove() {
    List<LockTruth.Entry> live = truth.live();
    if (!live.isEmpty()) {
      LockTruth.Entry entry = live.get(time.below(live.size()));
      if (time.chance(0.5)) {
        users.forEach(user -> user.client()
            .connection()
            .filter(connection -> connection.sessionId() == entry.session)
            .ifPresent(SimulatedConnection::cut));
      }
      time.within(0, 100 * VirtualTime.MILLI, () -> {
        note.accept("fault: operator removes " + entry.path);
        ensemble.remove(entry.path);
      });
    }
  }

  /** From now on nothing goes wrong. */
  void heal() {
    note.accept("peace");
    healed = true;
    ensemble.loseAtRandom(0, 0);
    ensemble.refuse((operation, session) -> Code.OK);
    start();
    ensemble.servers().forEach(this::rejoin);
  }
}
