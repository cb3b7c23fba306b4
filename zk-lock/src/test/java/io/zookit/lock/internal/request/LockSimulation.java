package io.zookit.lock.internal.request;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.lock.internal.guarded.GuardedStates;
import io.zookit.lock.internal.handoff.HandOffQueues;
import io.zookit.lock.internal.request.LockTruth.Entry;
import io.zookit.lock.internal.request.SimulatedUser.Asked;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedCurator;
import io.zookit.testkit.internal.sim.SimulatedEnsemble;
import io.zookit.testkit.internal.sim.SimulatedHandle;
import io.zookit.testkit.internal.sim.SimulatedServer;
import io.zookit.testkit.internal.sim.VirtualProcess;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One run: some processes that use locks at random on an ensemble where things go wrong, then a time of peace in which
 * every request must be served and nothing may be left. Some requests share nodes within their process, or lock a state;
 * holders read and write a {@link ModelStore}. The seed decides everything.
 *
 * <p>In <i>honest</i> runs no session ends before its time, and then no two processes may ever believe in one lock. In
 * <i>calm</i> runs an operator removes nodes, mostly young ones, some deletes may be refused, and nothing else goes wrong;
 * some of them are <i>crowded</i>: all want the same lock. In all others an operator also ends sessions, deletes are
 * refused, and servers part from the leader.
 */
final class LockSimulation {

  private static final long SECOND = VirtualTime.SECOND;
  private static final ZkPath ROOT = new ZkPath("/zk");
  private static final long PATIENCE = 240 * SECOND;
  private static final int MOST_EVENTS = 2_000_000;

  /** The longest a lock is held: shorter than most sessions, or longer than all. */
  private static final long LONG = 2_500 * VirtualTime.MILLI;

  private static final long LONGEST = 9 * SECOND;

  private final long seed;
  private final VirtualTime time;
  private final Mutation mutation;
  private final boolean honest;
  private final boolean calm;
  private final boolean crowded;

  /** True if clients keep their sessions when the library gives a handle up, and hold locks beyond their timeout. */
  private final boolean keeping;

  private final LockTruth truth;
  private final ModelStore store;
  private final SimulatedEnsemble ensemble;
  private final List<SimulatedUser> users = new ArrayList<>();
  private final List<String> findings = new ArrayList<>();
  private final Deque<String> trace = new ArrayDeque<>();
  private final long timeout;
  private int made;
  private boolean peace;
  private int events;

  LockSimulation(long seed, Mutation mutation) {
    this.seed = seed;
    this.mutation = mutation;
    this.time = new VirtualTime(seed);
    this.honest = time.chance(0.6);
    this.calm = !honest && time.chance(0.3);
    this.crowded = calm && time.chance(0.5);
    this.keeping = seed % 2 == 0;
    this.timeout = time.between(2 * SECOND, 6 * SECOND);
    this.truth = new LockTruth(this::found, this::onOwnDelete, time::nanos, calm);
    this.store = new ModelStore(honest, this::found);
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
      startProcess();
    }
    if (calm) {
      time.flights(20 * VirtualTime.MICRO, 2 * VirtualTime.MILLI);
    } else if (time.chance(0.7)) {
      ensemble.loseAtRandom(time.between(0, 1_000) / 30_000.0, time.between(0, 1_000) / 30_000.0);
    }
    Faults faults = new Faults(time, ensemble, users, truth, honest, this::note);
    if (!honest) {
      faults.removeYoungNodes();
    }
    if (!calm) {
      faults.schedule(stormy, timeout);
    } else if (crowded || time.chance(0.5)) {
      time.within(0, stormy / 2, faults::refuseDeletes);
    }
    time.at(stormy, () -> {
      peace = true;
      faults.heal();
    });
    go(stormy);
    return findings;
  }

  private void startProcess() {
    SimulatedCurator curator = new SimulatedCurator(new VirtualProcess(time), ensemble, timeout);
    if (keeping) {
      curator.keepSessions();
    }
    SimulatedClient client =
        new SimulatedClient("p" + made++, ROOT, curator, failure -> found("thrown: " + failure));
    long longest = keeping && !calm ? LONGEST : LONG;
    SimulatedUser user =
        new SimulatedUser(client, mutation, truth, store, honest, crowded, longest, this::found);
    users.add(user);
    curator.connect();
    keepBusy(user);
  }

  private void keepBusy(SimulatedUser user) {
    long pause = (crowded ? 100 : 700) * VirtualTime.MILLI;
    user.client().process().within(VirtualTime.MILLI, pause, () -> {
      if (!peace) {
        user.act();
        keepBusy(user);
      }
    });
  }

  private void go(long stormy) {
    for (events = 0; findings.isEmpty(); events++) {
      if (!time.step() || events > MOST_EVENTS) {
        found("it never came to rest");
      }
      requireLossesFinal();
      if (honest) {
        requireBeliefsApart();
      } else if (calm) {
        requireRemovalsKnown();
      }
      if (time.nanos() > stormy && (isSettled() || time.nanos() > stormy + PATIENCE)) {
        break;
      }
    }
    if (findings.isEmpty()) {
      requireServed();
    }
    long linger =
        time.nanos() + 100 * SECOND; // the maximum of a semaphore is followed a minute longer
    boolean more = true;
    while (more && findings.isEmpty() && time.nanos() < linger) {
      more = time.step();
    }
    if (findings.isEmpty()) {
      requireNothingLeft();
      store.requireCounted(SimulatedUser.CELL, truth.cell(SimulatedUser.CELL));
    }
  }

  private boolean isSettled() {
    return living().stream().allMatch(user -> user.asked().stream().allMatch(Asked::isSettled));
  }

  private List<SimulatedUser> living() {
    return users.stream().filter(user -> !user.isGone()).toList();
  }

  private void requireBeliefsApart() {
    List<Entry> believed = new ArrayList<>();
    for (SimulatedUser user : users) {
      if (user.isGone() || user.client().process().isFrozen()) {
        continue;
      }
      for (Asked asked : user.asked()) {
        if (asked.lease != null && asked.lease.isValid()) {
          for (Entry entry : asked.entries) {
            requireAlone(entry, believed);
          }
          believed.addAll(asked.entries);
        }
      }
    }
  }

  /** No lease is valid that was disconnected beyond its deadline once, though its session may live on. */
  private void requireLossesFinal() {
    for (SimulatedUser user : users) {
      if (user.isGone() || user.client().process().isFrozen()) {
        continue;
      }
      boolean lapsed = user.client()
          .simulatedHandle()
          .filter(handle -> !handle.isConnected() && handle.remaining() <= 0)
          .isPresent();
      for (Asked asked : user.asked()) {
        if (asked.lease != null && lapsed) {
          asked.isLapsed = true;
        } else if (asked.isLapsed && asked.lease != null && asked.lease.isValid()) {
          found("valid again behind its deadline: " + asked);
        }
      }
    }
  }

  private void requireRemovalsKnown() {
    for (SimulatedUser user : users) {
      for (Asked asked : user.asked()) {
        if (asked.lease != null && asked.lease.isValid()) {
          for (Entry entry : asked.entries) {
            if (entry.broken && time.nanos() > LockTruth.mostValid(entry)) {
              found("valid though an operator has removed its node: " + entry);
            }
          }
        }
      }
    }
  }

  private void requireAlone(Entry entry, List<Entry> believed) {
    if (entry.gone) {
      found("believed though its node is gone: " + entry);
    }
    for (Entry other : believed) {
      if (LockTruth.conflict(entry, other)) {
        found("two believe: " + entry + " and " + other);
      }
    }
  }

  private void requireServed() {
    for (SimulatedUser user : living()) {
      for (Asked asked : user.asked()) {
        if (!asked.isSettled()) {
          found("never served: " + asked + ", " + user.client() + ", queue "
              + asked.wants.stream().map(want -> truth.queue(want.lock())).toList());
        }
      }
    }
  }

  private void requireNothingLeft() {
    truth.live().forEach(entry -> found("left: node " + entry));
    for (SimulatedServer server : ensemble.servers()) {
      server.watchedPaths().forEach(path -> found("left: watch of " + path));
    }
    for (SimulatedUser user : living()) {
      LockEngine engine = user.engine();
      none("requests", engine.requests());
      none("local queues", HandOffQueues.in(user.client()).size());
      none("entries and exits", GuardedStates.in(user.client()).size());
      none("work of queues", engine.queues().size());
      none("maxima", field(engine, "maxima"));
      none("debts", user.client().debt().size());
      none("reserved bytes", user.client().budget().used());
      none("watches", engine.connected().isPresent() ? engine.queues().watches().size() : 0);
      none("missed events", user.client().measured().counted("zookit.client.changes.missed"));
      none("held", (long) user.client().measured().value("zookit.lock.held"));
      none("waiting", (long) user.client().measured().value("zookit.lock.waiting"));
    }
  }

  private void none(String what, Object count) {
    boolean empty = count instanceof Collection<?> many
        ? many.isEmpty()
        : count instanceof Map<?, ?> map ? map.isEmpty() : ((Number) count).longValue() == 0;
    if (!empty) {
      found("left: " + what + " " + count);
    }
  }

  private static Object field(Object owner, String name) {
    try {
      Field field = owner.getClass().getDeclaredField(name);
      field.setAccessible(true);
      return Objects.requireNonNull(field.get(owner));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** No session deletes a node of its own that still waits. */
  private void onOwnDelete(Entry entry) {
    for (SimulatedUser user : living()) {
      if (user.client().simulatedHandle().map(SimulatedHandle::sessionId).orElse(0L)
          == entry.session) {
        for (LockRequest request : user.engine().requests()) {
          if (request.waitsFor().stream()
              .anyMatch(turn -> turn.node().path().value().equals(entry.path))) {
            found("lost its place: " + entry);
          }
        }
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

  long grants() {
    return truth.grants();
  }

  boolean isHonest() {
    return honest;
  }

  /** The same for every run of a seed. */
  String fingerprint() {
    return events + " events, " + time.nanos() + " ns, " + grants() + " grants";
  }

  /** The end of the run, for people. */
  String story() {
    return "zookit.seed=" + seed + (honest ? " honest" : "") + (keeping ? " keeping" : "")
        + " timeout " + timeout / VirtualTime.MILLI + " ms\n" + String.join("\n", trace);
  }
}
