package io.zookit.registry.internal;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedCurator;
import io.zookit.testkit.internal.sim.SimulatedEnsemble;
import io.zookit.testkit.internal.sim.VirtualProcess;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One run: some processes register instances of one service and follow it, another one only follows it, on an ensemble
 * where things go wrong; then a time of peace after which every registration and every view must be what the leader knows.
 * The seed decides everything but the nonces in the names of nodes and the jitter of pauses.
 */
final class RegistrySimulation {

  private static final long SECOND = VirtualTime.SECOND;
  private static final ZkPath ROOT = new ZkPath("/zk");
  static final String SERVICE = "shop";
  private static final long PATIENCE = 240 * SECOND;
  private static final int MOST_EVENTS = 2_000_000;

  private final long seed;
  private final VirtualTime time;
  private final RegistryTruth truth = new RegistryTruth(ROOT.value(), SERVICE, this::found);
  private final SimulatedEnsemble ensemble;
  private final List<RegistryUser> users = new ArrayList<>();
  private final List<String> findings = new ArrayList<>();
  private final Deque<String> trace = new ArrayDeque<>();
  private final RegistryMutation mutation;
  private final long timeout;
  private boolean peace;
  private long nextLook;

  RegistrySimulation(long seed, RegistryMutation mutation) {
    this.seed = seed;
    this.mutation = mutation;
    this.time = new VirtualTime(seed);
    this.timeout = time.between(2 * SECOND, 6 * SECOND);
    this.ensemble = new SimulatedEnsemble(time, mutation.defects());
    ensemble.record((changes, zxid, session) -> changes.forEach(change -> note("decided "
        + Long.toHexString(zxid) + " " + change.getClass().getSimpleName() + " " + change.path()
        + " for " + Long.toHexString(session))));
    ensemble.record(truth);
  }

  /** Runs it and returns its findings; empty if nothing was wrong. */
  List<String> run() {
    long stormy = time.between(4 * SECOND, 14 * SECOND);
    int processes = 2 + time.below(3);
    for (int i = 0; i < processes; i++) {
      startProcess("p" + i, true);
    }
    startProcess("observer", false); // what it reads follows no sync of a registration
    if (time.chance(0.7)) {
      ensemble.loseAtRandom(time.between(0, 1_000) / 30_000.0, time.between(0, 1_000) / 30_000.0);
    }
    RegistryFaults faults = new RegistryFaults(
        time, ensemble, ROOT.value() + "/services/" + SERVICE, users, truth, this::note);
    faults.schedule(stormy, timeout);
    time.at(stormy, () -> {
      peace = true;
      note("peace");
      faults.heal();
    });
    go(stormy);
    return findings;
  }

  private void startProcess(String label, boolean registers) {
    SimulatedCurator curator = new SimulatedCurator(new VirtualProcess(time), ensemble, timeout);
    SimulatedClient client =
        new SimulatedClient(label, ROOT, curator, failure -> found("thrown: " + failure));
    client.engine(RegistryEngine.class, each -> new RegistryEngine(each, mutation.invalidations()));
    RegistryUser user = new RegistryUser(client, time, SERVICE, truth, this::found);
    users.add(user);
    curator.connect();
    if (registers) {
      keepBusy(user);
    }
  }

  private void keepBusy(RegistryUser user) {
    user.client().process().within(VirtualTime.MILLI, 900 * VirtualTime.MILLI, () -> {
      if (!peace) {
        user.act();
        keepBusy(user);
      }
    });
  }

  private void go(long stormy) {
    int events = 0;
    while (findings.isEmpty() && !isOver(stormy)) {
      if (!time.step() || ++events > MOST_EVENTS) {
        found("it never came to rest");
      }
      users.forEach(RegistryUser::requireShown);
    }
    long linger = time.nanos() + 40 * SECOND; // a round of the reconcilers, and then some
    while (findings.isEmpty() && time.nanos() < linger) {
      time.step();
    }
    if (findings.isEmpty()) {
      living().forEach(RegistryUser::requireServed);
      requireNothingLeft();
    }
  }

  private boolean isOver(long stormy) {
    if (time.nanos() < nextLook) {
      return false;
    }
    nextLook = Math.max(stormy + 2 * timeout, time.nanos() + SECOND / 5);
    return time.nanos() > stormy + PATIENCE
        || (time.nanos() > stormy + 2 * timeout
            && living().stream().allMatch(RegistryUser::isSettled));
  }

  private List<RegistryUser> living() {
    return users.stream().filter(user -> !user.isGone()).toList();
  }

  private void requireNothingLeft() {
    for (RegistryUser user : users) {
      for (RegistryUser.HeldRegistration one : user.registered()) {
        if (user.isGone() && !truth.at(one.address).isEmpty()) {
          found("left of a killed process: " + truth.at(one.address));
        }
      }
    }
    for (RegistryUser user : living()) {
      if (user.client().debt().size() > 0) {
        found("left: " + user.client().debt().size() + " deletes of " + user.client());
      }
    }
  }

  private void found(String finding) {
    findings.add(finding);
    note("FOUND " + finding);
  }

  private void note(String what) {
    trace.add(time.nanos() / VirtualTime.MICRO + " us " + what);
    if (trace.size() > 400) {
      trace.remove();
    }
  }

  /** The number of registrations that were made. */
  int registrations() {
    return users.stream().mapToInt(user -> user.registered().size()).sum();
  }

  /** The end of the run, for people. */
  String story() {
    return "zookit.seed=" + seed + " timeout " + timeout / VirtualTime.MILLI + " ms\n"
        + String.join("\n", trace);
  }
}
