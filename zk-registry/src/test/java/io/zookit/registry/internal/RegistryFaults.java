package io.zookit.registry.internal;

import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedConnection;
import io.zookit.testkit.internal.sim.SimulatedEnsemble;
import io.zookit.testkit.internal.sim.SimulatedServer;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.util.List;
import java.util.function.Consumer;

/** Faults of a run, at random times. */
final class RegistryFaults {

  private final VirtualTime time;
  private final SimulatedEnsemble ensemble;
  private final List<RegistryUser> users;
  private final RegistryTruth truth;
  private final Consumer<String> note;
  private boolean down;

  RegistryFaults(
      VirtualTime time,
      SimulatedEnsemble ensemble,
      List<RegistryUser> users,
      RegistryTruth truth,
      Consumer<String> note) {
    this.time = time;
    this.ensemble = ensemble;
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
    switch (time.below(11)) {
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

  private void remove() {
    List<RegistryTruth.InstanceNode> live = truth.live();
    if (!live.isEmpty()) {
      String path = live.get(time.below(live.size())).path();
      note.accept("fault: operator removes " + path);
      ensemble.remove(path);
    }
  }
}
