package io.zookit.registry.internal;

import io.zookit.registry.ServiceInstance;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.registry.internal.store.StoredInstance;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedConnection;
import io.zookit.testkit.internal.sim.SimulatedEnsemble;
import io.zookit.testkit.internal.sim.SimulatedServer;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.util.List;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Ids;

/** Faults of a run, at random times. */
final class RegistryFaults {

  private final VirtualTime time;
  private final SimulatedEnsemble ensemble;
  private final String folder;
  private final List<RegistryUser> users;
  private final RegistryTruth truth;
  private final Consumer<String> note;
  private boolean down;
  private int staticInstances;

  RegistryFaults(
      VirtualTime time,
      SimulatedEnsemble ensemble,
      String folder,
      List<RegistryUser> users,
      RegistryTruth truth,
      Consumer<String> note) {
    this.time = time;
    this.ensemble = ensemble;
    this.folder = folder;
    this.users = users;
    this.truth = truth;
    this.note = note;
  }

  /** Some faults within a span. */
  void schedule(long span, long timeout) {
    int count = time.below(9);
    for (int i = 0; i < count; i++) {
      time.within(0, span, () -> happen(timeout));
    }
  }

  /** Ends what goes on. */
  void heal() {
    ensemble.loseAtRandom(0, 0);
    ensemble.hide(path -> false);
    if (down) {
      down = false;
      ensemble.start();
    }
    ensemble.servers().forEach(SimulatedServer::rejoin);
    users.forEach(user -> {
      user.client().process().thaw();
    });
  }

  private void happen(long timeout) {
    SimulatedClient client = users.get(time.below(users.size())).client();
    switch (time.below(16)) {
      case 0, 1 -> {
        note.accept("fault: cut " + client);
        client.connection().ifPresent(SimulatedConnection::cut);
      }
      case 2 -> {
        note.accept("fault: silence " + client);
        client.connection().ifPresent(connection -> connection.silence(time.chance(0.5)));
      }
      case 3 -> {
        note.accept("fault: gives up its session: " + client);
        client.curator().session().ifPresent(client.curator()::expire);
      }
      case 4, 5 -> {
        note.accept("fault: session ended: " + client);
        client.curator().session().ifPresent(session -> ensemble.end(session.id()));
      }
      case 6 -> stop(timeout);
      case 7 -> {
        note.accept("fault: stands still: " + client);
        client.process().freeze(time.between(timeout / 4, timeout * 2));
      }
      case 8 -> lag(timeout);
      case 9 -> kill(client);
      case 10 -> hide(client, timeout);
      case 11, 12 -> reopenBehind(client, timeout);
      case 13, 14 -> createAgain();
      default -> remove();
    }
  }

  private void stop(long timeout) {
    if (!down) {
      down = true;
      note.accept("fault: ensemble stops");
      ensemble.stop();
      time.within(0, 2 * timeout, () -> {
        if (down) {
          down = false;
          note.accept("ensemble starts");
          ensemble.start();
        }
      });
    }
  }

  private void lag(long timeout) {
    SimulatedServer server =
        ensemble.servers().get(time.below(ensemble.servers().size()));
    if (server.isUp()) {
      note.accept("fault: a server lags");
      server.lag();
      time.within(timeout / 8, timeout * 3 / 2, () -> {
        if (!down) {
          server.rejoin();
        }
      });
    }
  }

  private void kill(SimulatedClient client) {
    if (users.stream().filter(user -> !user.isGone()).count() > 1) {
      note.accept("fault: killed: " + client);
      client.curator().kill();
    }
  }

  /** The service cannot be read for a while, also after a reconnect. */
  private void hide(SimulatedClient client, long timeout) {
    note.accept("fault: the service is hidden, and cut " + client);
    ensemble.hide(folder::equals);
    client.connection().ifPresent(SimulatedConnection::cut);
    time.within(timeout / 8, timeout, () -> ensemble.hide(path -> false));
  }

  /** Most servers lag, then a client opens another session, at one of them most likely. */
  private void reopenBehind(SimulatedClient client, long timeout) {
    note.accept("fault: most servers lag, then gives up its session: " + client);
    List<SimulatedServer> servers = ensemble.servers();
    int current = time.below(servers.size());
    for (int i = 0; i < servers.size(); i++) {
      if (i != current && servers.get(i).isUp()) {
        servers.get(i).lag();
      }
    }
    time.within(timeout / 4, timeout, () -> {
      note.accept("gives up its session: " + client);
      client.curator().session().ifPresent(client.curator()::expire);
      time.within(timeout / 4, timeout, () -> {
        if (!down) {
          servers.forEach(SimulatedServer::rejoin);
        }
      });
    });
  }

  /** An operator maintains an instance manually, and replaces its node by one of the same name several times in a row. */
  private void createAgain() {
    String bucket = folder + "/~b00";
    if (ensemble.tree().find(bucket) == null) {
      return;
    }
    int number = staticInstances++;
    String id = "static-" + number;
    String path = bucket + "/" + new NodeName(id, number);
    byte[] data = StoredInstance.encode(
        ServiceInstance.at(RegistrySimulation.SERVICE, "static", 1 + number).withId(id));
    note.accept("fault: operator replaces " + path);
    Op create = Op.create(path, data, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    ensemble.operate(List.of(create));
    for (int i = time.below(8); i >= 0; i--) {
      time.within(
          0, 40 * VirtualTime.MILLI, () -> ensemble.operate(List.of(Op.delete(path, -1), create)));
    }
  }

  private void remove() {
    List<RegistryTruth.InstanceNode> live = truth.live();
    if (!live.isEmpty()) {
      String path = live.get(time.below(live.size())).path();
      note.accept("fault: operator removes " + path);
      ensemble.remove(path);
    }
  }
}
