package io.zookit.scheduler.internal.node;

import io.zookit.core.FencingToken;
import io.zookit.core.internal.lane.Observers;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.scheduler.HistorySink;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobMode;
import io.zookit.scheduler.Overlap;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SchedulerObserver;
import io.zookit.scheduler.Verification;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.RangeRecord;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ControlRecord;
import io.zookit.scheduler.internal.records.Records.DefRecord;
import io.zookit.scheduler.internal.records.Records.EraRecord;
import io.zookit.scheduler.internal.records.SlotRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.rules.Verifier;
import io.zookit.scheduler.internal.run.LiveRun;
import io.zookit.scheduler.internal.run.RunExecutor;
import io.zookit.scheduler.internal.run.RunningJobs;
import io.zookit.scheduler.internal.state.ChangeNotification;
import io.zookit.scheduler.internal.state.NodeContext;
import io.zookit.scheduler.internal.state.NodeSettings;
import io.zookit.scheduler.internal.zk.SessionTree.Found;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import io.zookit.scheduler.internal.zk.ZkSessionTree;
import io.zookit.scheduler.time.Slot;
import io.zookit.scheduler.trigger.TimekeeperTriggerEngine;
import io.zookit.testkit.internal.sim.Defect;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedConnection;
import io.zookit.testkit.internal.sim.SimulatedCurator;
import io.zookit.testkit.internal.sim.SimulatedEnsemble;
import io.zookit.testkit.internal.sim.SimulatedNode;
import io.zookit.testkit.internal.sim.SimulatedRequest;
import io.zookit.testkit.internal.sim.SimulatedRequest.Kind;
import io.zookit.testkit.internal.sim.TreeChange;
import io.zookit.testkit.internal.sim.VirtualProcess;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Nodes with the real protocol on a simulated ZooKeeper. Every write of a state is checked against the one before; every
 * run is recorded.
 */
final class SimWorld {

  /** An execution of a job's code. */
  record Execution(
      String job, ClaimRecord claim, FencingToken token, long at, int shard, boolean completion) {}

  static final Duration SESSION = Duration.ofSeconds(8);

  private static final int HOPS_OF_A_WRITE = 5;
  private static final int MOST_STEPS = 100_000;

  final long seed;
  final VirtualTime time;
  final Random random;
  final SimulatedEnsemble ensemble;
  private final Instant start;
  final JobPaths paths = new JobPaths(new ZkPath("/zookit"));
  final List<SimNode> nodes = new ArrayList<>();
  final List<Execution> executions = new ArrayList<>();
  final List<RunRecord> history = new ArrayList<>();

  /** Code of the user: it may throw. */
  HistorySink sink = history::add;

  SchedulerObserver observer = new SchedulerObserver() {
    @Override
    public void onRefused(String job, Slot slot) {
      refused++;
    }
  };

  final List<String> violations = new ArrayList<>();

  /** Failures of tasks on the loops of clients. */
  final List<Throwable> thrown = new ArrayList<>();

  final Map<String, StateRecord> states = new HashMap<>();
  final Map<String, DefRecord> defs = new HashMap<>();
  private final Set<String> claimedSlots = new HashSet<>();
  private final Set<String> begun = new HashSet<>();
  private final Set<String> endedClaims = new HashSet<>();
  private final Map<String, Long> lastZxid = new HashMap<>();
  private long leaderOffset;
  long longestRun = 1_500;
  int capacity = 8;
  long shortestRun;
  LongFunction<FencingToken> tokens = zxid -> new FencingToken(1, zxid, 0);
  double failing = 0.1;

  /** Receives the operations of each commit that reaches a server, before it is known whether it is accepted. */
  Consumer<List<Op>> arrived = operations -> {};

  /** Chooses the requests that are lost with their connection. */
  BiPredicate<SimNode, SimulatedRequest> lost = (node, request) -> false;

  /** Reads and commits that reached a server. */
  long reads;

  long commits;

  /** Number of ends that were refused, as reported to the nodes. */
  long refused;

  private long ids;

  SimWorld(long seed, Defect... defects) {
    this.seed = seed;
    this.time = new VirtualTime(seed);
    this.random = time.random();
    this.ensemble = new SimulatedEnsemble(time, defects);
    this.start = time.now();
    longestDelay(12);
    ensemble.loseRequests(this::loses);
    ensemble.record((changes, zxid, session) -> changes.forEach(change -> {
      if (change instanceof TreeChange.NewData set) {
        onWritten(new ZkPath(set.path()), set.data(), zxid);
      }
    }));
    List.of(paths.root(), paths.jobs(), paths.nodes()).forEach(this::folder);
  }

  private boolean loses(SimulatedConnection from, SimulatedRequest request) {
    boolean several = !request.operations().isEmpty();
    if (several && request.kind() == Kind.READ) {
      reads++;
    } else if (several) {
      commits++;
      arrived.accept(request.operations());
    }
    return nodes.stream().anyMatch(node -> node.uses(from) && lost.test(node, request));
  }

  /** The wall clock of a process without an offset. */
  long millis() {
    return time.now().toEpochMilli();
  }

  /** Sets how long a write is under way at most, there and back, unless it waits for others. */
  void longestDelay(long millis) {
    long most = 2 * millis * VirtualTime.MILLI / HOPS_OF_A_WRITE;
    time.flights(Math.min(most / 2, VirtualTime.MILLI / 2), most);
  }

  /** Sets how far the leader's wall clock is ahead of that of the processes. */
  void leaderOffset(long millis) {
    ensemble.shiftWallClock(millis - leaderOffset);
    leaderOffset = millis;
  }

  long pick(long least, long most) {
    return least + random.nextLong(most - least + 1);
  }

  // The data, as an operator reads and writes it.

  List<String> children(ZkPath path) {
    SimulatedNode node = ensemble.tree().find(path.value());
    return node == null ? List.of() : node.children();
  }

  boolean exists(ZkPath path) {
    return ensemble.tree().find(path.value()) != null;
  }

  Found find(ZkPath path) {
    SimulatedNode node = ensemble.tree().find(path.value());
    if (node == null) {
      return Found.ABSENT;
    }
    Stat stat = node.stat();
    return new Found(
        true,
        node.data(),
        stat.getVersion(),
        stat.getNumChildren(),
        stat.getCzxid(),
        stat.getMtime(),
        false);
  }

  KeeperException.Code commit(List<WriteOp> changes) {
    return ensemble.operate(changes.stream().map(SimWorld::operation).toList());
  }

  private static Op operation(WriteOp change) {
    if (change instanceof WriteOp.Check check) {
      return Op.check(check.path().value(), check.version());
    }
    if (change instanceof WriteOp.Put put) {
      return Op.setData(put.path().value(), put.data(), put.version());
    }
    if (change instanceof WriteOp.Make make) {
      return Op.create(
          make.path().value(), make.data(), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }
    WriteOp.Drop drop = (WriteOp.Drop) change;
    return Op.delete(drop.path().value(), drop.version());
  }

  private void folder(ZkPath path) {
    if (!exists(path)) {
      if (!path.isTop()) {
        folder(path.parent());
      }
      accept(List.of(new WriteOp.Make(path, new byte[0], false)));
    }
  }

  private void accept(List<WriteOp> changes) {
    KeeperException.Code code = commit(changes);
    if (code != KeeperException.Code.OK) {
      throw new AssertionError(code + " of " + changes);
    }
  }

  void define(Job job) {
    long now = millis();
    DefRecord def = new DefRecord(
        JobRecord.of(job), List.of(new EraRecord(now, JobRecord.of(job).schedule())), false);
    folder(paths.partition(job.name()));
    StateRecord state = StateRecord.startingAt(now);
    states.put(job.name(), state);
    defs.put(job.name(), def);
    accept(List.of(
        new WriteOp.Make(paths.job(job.name()), new byte[0], false),
        new WriteOp.Make(paths.def(job.name()), Records.DEF.encode(def), false),
        new WriteOp.Make(paths.state(job.name()), Records.STATE.encode(state), false),
        new WriteOp.Make(paths.ctl(job.name()), Records.CONTROL.encode(ControlRecord.NONE), false),
        new WriteOp.Make(paths.manual(job.name()), new byte[0], false),
        new WriteOp.Make(paths.exec(job.name()), new byte[0], false)));
    notice(job.name());
  }

  /** Another definition with the same schedule. */
  void redefine(Job job) {
    DefRecord old = Objects.requireNonNull(defs.get(job.name()));
    DefRecord def = new DefRecord(JobRecord.of(job), old.eras(), false);
    defs.put(job.name(), def);
    accept(List.of(new WriteOp.Put(paths.def(job.name()), Records.DEF.encode(def), -1)));
    notice(job.name());
  }

  void notice(String job) {
    ZkPath partition = paths.partition(job);
    accept(List.of(ChangeNotification.change(partition, job, find(partition))));
  }

  void control(String job, ControlRecord control) {
    accept(List.of(new WriteOp.Put(paths.ctl(job), Records.CONTROL.encode(control), -1)));
    notice(job);
  }

  void trigger(String job, String id) {
    trigger(job, id, Map.of());
  }

  void trigger(String job, String id, Map<String, String> parameters) {
    Records.ManualRecord record =
        new Records.ManualRecord(new SlotRecord(millis(), null, null), parameters);
    accept(
        List.of(new WriteOp.Make(paths.manual(job).own(id), Records.MANUAL.encode(record), false)));
    notice(job);
  }

  SimNode node(Map<String, Integer> handlers) {
    SimNode node = new SimNode(handlers);
    nodes.add(node);
    node.curator.connect();
    return node;
  }

  /** A client whose loop's failures are violations. */
  SimulatedClient client(String label, SimulatedCurator curator) {
    return new SimulatedClient(label, paths.root(), curator, failure -> {
      thrown.add(failure);
      violate(label + ": thrown " + failure);
    });
  }

  /** A client of a process of its own, and its tree as soon as it is connected. */
  ZkSessionTree connect(String label) {
    SimulatedCurator curator =
        new SimulatedCurator(new VirtualProcess(time), ensemble, SESSION.toNanos());
    SimulatedClient client = client(label, curator);
    curator.connect();
    for (int i = 0; i < MOST_STEPS; i++) {
      SessionHandle handle = client.simulatedHandle().orElse(null);
      if (handle != null && handle.isConnected()) {
        return new ZkSessionTree(client, handle);
      }
      time.step();
    }
    throw new AssertionError("not connected: " + client);
  }

  /** The sum of what the nodes counted, or timed. */
  long counted(String name) {
    return nodes.stream()
        .mapToLong(node -> node.client.measured().counted(name))
        .sum();
  }

  /** The least value of a gauge of all nodes. */
  double least(String gauge) {
    return nodes.stream()
        .mapToDouble(node -> node.client.measured().value(gauge))
        .min()
        .orElseThrow();
  }

  private void violate(String what) {
    violations.add("seed " + seed + " at " + millis() + ": " + what);
  }

  private void onWritten(ZkPath path, byte[] data, long zxid) {
    if (!path.name().equals("state")) {
      return;
    }
    String job = path.parent().name();
    StateRecord before = states.get(job);
    StateRecord after = Records.read(Records.STATE, data, path);
    states.put(job, after);
    if (before == null) {
      return;
    }
    if (after.watermark() < before.watermark()) {
      violate(job + ": the mark went back from " + before.watermark() + " to " + after.watermark());
    }
    for (ClaimRecord claim : after.open()) {
      if (before.claim(claim.id()).isEmpty()) {
        onClaim(job, claim, zxid);
      }
    }
    after.recent().stream().filter(ended -> before.ended(ended.id()).isEmpty()).forEach(ended -> {
      if (!endedClaims.add(job + ended.id())) {
        violate(job + ": two ends of claim " + ended.id());
      }
      if (before.claim(ended.id()).isEmpty()) {
        violate(job + ": an end without a claim " + ended.id());
      }
    });
  }

  private void onClaim(String job, ClaimRecord claim, long zxid) {
    Long last = lastZxid.put(job, zxid);
    if (last != null && zxid <= last) {
      violate(job + ": the token did not rise");
    }
    boolean fresh = claim.attempt() == 1 && claim.kind() != StateRecord.Kind.COMPLETION;
    if (fresh && !claimedSlots.add(job + "/" + claim.key())) {
      violate(job + ": slot " + claim.key() + " was claimed twice");
    }
    if (claim.kind() == StateRecord.Kind.COMPLETION
        && claim.attempt() == 1
        && !claimedSlots.add(job + "/after " + claim.key())) {
      violate(job + ": the run after all shards of " + claim.key() + " was claimed twice");
    }
    if (claim.manual() == null && millis() < claim.slot().at()) {
      violate(job + ": slot " + claim.slot().at() + " was claimed early");
    }
  }

  /** Returns the state of a job with the ends and outcomes that were moved to ranges. */
  StateRecord state(String job) {
    StateRecord state = Objects.requireNonNull(states.get(job));
    return state.withPast(
        paths.ends(job, state).stream().flatMap(path -> range(path).stream()).toList(),
        paths.outcomes(job, state).stream().map(this::range).toList());
  }

  private Optional<RangeRecord> range(ZkPath path) {
    Found found = find(path);
    return found.exists()
        ? Optional.of(Records.read(Records.RANGE, found.data(), path))
        : Optional.empty();
  }

  /** Every slot up to the watermark has one outcome or is open. */
  void verifyAll() {
    states.keySet().forEach(job -> {
      Verification found = new Verifier(Objects.requireNonNull(defs.get(job)), state(job))
          .verify(start, start.plus(Duration.ofDays(3650)));
      if (!found.isClean()) {
        violate(job + ": gaps " + found.gaps() + " duplicates " + found.duplicates());
      }
    });
  }

  /** For the message of a failure. */
  String describe(String job) {
    StringBuilder text = new StringBuilder("now " + millis() + " " + states.get(job));
    for (SimNode node : nodes) {
      text.append(String.format(
          "%n  %s dead=%s frozen=%s running=%s: %s",
          node.label,
          node.process.isKilled(),
          node.process.isFrozen(),
          node.running,
          node.node.describe(job)));
    }
    return text.toString();
  }

  long claims() {
    return claimedSlots.size();
  }

  /** A process with a node. */
  final class SimNode {

    final VirtualProcess process = new VirtualProcess(time);
    final SimulatedCurator curator = new SimulatedCurator(process, ensemble, SESSION.toNanos());
    final SimulatedClient client;
    final SchedulerNode node;
    final List<LiveRun> running = new ArrayList<>();
    final String label = "n" + nodes.size();

    SimNode(Map<String, Integer> handlers) {
      client = client(label, curator);
      SerialLane lane = SerialLane.inline(Runnable::run, label);
      NodeSettings settings = new NodeSettings(
          label,
          1,
          capacity,
          Duration.ofSeconds(1),
          zxid -> tokens.apply(zxid),
          client.meters(),
          Observers.of(lane, observer),
          Observers.of(lane, sink));
      NodeContext context = new NodeContext(client::run, process, paths, settings);
      node = new SchedulerNode(
          context, new TimekeeperTriggerEngine(process), new SimRuns(), () -> label + "-" + ids++);
      handlers.forEach((name, version) -> node.handle(name, version, run -> {}));
      client.onSessions(new SessionListener() {
        @Override
        public void onConnected(SessionHandle handle) {
          node.onConnected(new ZkSessionTree(client, handle));
        }

        @Override
        public void onSuspect(SessionHandle handle) {
          node.onSuspect(new ZkSessionTree(client, handle));
        }

        @Override
        public void onLost(SessionHandle handle) {
          node.onLost(new ZkSessionTree(client, handle));
        }
      });
    }

    boolean uses(SimulatedConnection connection) {
      return client.connection().filter(connection::equals).isPresent();
    }

    /** Breaks the connection, and lets none come into being for a while. */
    void cut(long millis) {
      if (client.connection().filter(SimulatedConnection::isOpen).isPresent()
          && !process.isKilled()) {
        curator.isolate();
        time.after(Duration.ofMillis(millis), curator::rejoin);
      }
    }

    /** SIGSTOP for a while; the session is found to be over, or not, when it wakes. */
    void freeze(long millis) {
      if (!process.isKilled()) {
        process.freeze(millis * VirtualTime.MILLI);
      }
    }

    void shiftWallClock(long millis) {
      process.shiftWallClock(Duration.ofMillis(millis));
    }

    /** kill -9. */
    void kill() {
      curator.kill();
    }

    /** Code that takes virtual time. */
    private final class SimRuns implements RunExecutor {

      @Override
      public void start(LiveRun run, Code code, Consumer<@Nullable Throwable> ended) {
        String key = run.token() + "/" + RunningJobs.keyOf(run.claim(), run.assignedShard());
        if (run.tries() == 1 && !begun.add(key)) {
          violate(run.job() + ": the code of " + key + " was started twice");
        }
        if (run.definition().mode() == JobMode.EXCLUSIVE
            && run.definition().policies().overlap() == Overlap.FORBID
            && run.isValid()) {
          nodes.stream()
              .flatMap(node -> node.running.stream())
              .filter(other -> other.job().equals(run.job()) && other.isValid())
              .forEach(other -> violate(run + " beside " + other + ", which is valid"));
        }
        executions.add(new Execution(
            run.job(),
            run.claim(),
            run.token(),
            millis(),
            run.shard(),
            run.assignedShard().completion()));
        running.add(run);
        boolean fails = random.nextDouble() < failing;
        time.after(
            Duration.ofMillis(Math.max(shortestRun, 1 + random.nextLong(longestRun))),
            () -> end(run, fails ? new IllegalStateException("failed") : thrown(code), ended));
        interrupts.put(run, () -> end(run, new InterruptedException(), ended));
      }

      private static @Nullable Throwable thrown(Code code) {
        try {
          code.run();
          return null;
        } catch (Exception e) {
          return e;
        }
      }

      private final Map<LiveRun, Runnable> interrupts = new HashMap<>();

      private void end(
          LiveRun run, @Nullable Throwable thrown, Consumer<@Nullable Throwable> ended) {
        process.hear(() -> {
          if (running.remove(run)) {
            ended.accept(thrown);
          }
        });
      }

      @Override
      public void interrupt(LiveRun run) {
        Runnable end = interrupts.get(run);
        if (end != null && random.nextInt(4) > 0) {
          time.after(Duration.ofMillis(1 + random.nextLong(100)), end);
        }
      }

      @Override
      public void close() {}
    }
  }
}
