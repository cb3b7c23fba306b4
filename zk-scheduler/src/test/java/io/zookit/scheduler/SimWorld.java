package io.zookit.scheduler;

import io.zookit.core.FencingToken;
import io.zookit.core.Meters;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.node.ZkPath;
import io.zookit.scheduler.Records.ControlRecord;
import io.zookit.scheduler.Records.DefRecord;
import io.zookit.scheduler.Records.EraRecord;
import io.zookit.scheduler.StateRecord.ClaimRecord;
import io.zookit.scheduler.Tree.Change;
import io.zookit.scheduler.time.Slot;
import io.zookit.scheduler.trigger.VirtualTriggerEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Nodes with the real protocol over a model of ZooKeeper in virtual time. Every write of a state is checked against the
 * one before; every run is recorded.
 */
final class SimWorld {

  /** What ran. */
  record Execution(
      String job, ClaimRecord claim, FencingToken token, long at, int shard, boolean completion) {}

  final long seed;
  final Random random;
  final SimTime time = new SimTime();
  final SimStore store = new SimStore(this::leaderMillis, this::onWritten);
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
  final Map<String, StateRecord> states = new HashMap<>();
  final Map<String, DefRecord> defs = new HashMap<>();
  private final Set<String> claimedSlots = new HashSet<>();
  private final Set<String> begun = new HashSet<>();
  private final Set<String> endedClaims = new HashSet<>();
  private final Map<String, Long> lastZxid = new HashMap<>();
  long leaderOffset;
  long longestDelay = 12;
  long longestRun = 1_500;
  int capacity = 8;
  long shortestRun;
  Meters meters = Meters.none();
  LongFunction<FencingToken> tokens = zxid -> new FencingToken(1, zxid, 0);
  double failing = 0.1;

  /** Told of each commit that was taken, before it is answered. */
  BiConsumer<SimSession, List<Change>> served = (session, changes) -> {};

  /** Told of each commit that reaches the servers, before it is known whether it is taken. */
  Consumer<List<Change>> arrived = changes -> {};

  /** Told of each read when it is sent. */
  BiConsumer<SimSession, List<ZkPath>> asked = (session, paths) -> {};

  /** Requests that were sent. */
  long reads;

  long commits;

  /** Ends that were not recorded, as the nodes were told. */
  long refused;

  private long sessions;
  private long ids;

  SimWorld(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
    for (ZkPath folder : List.of(paths.root(), paths.jobs(), paths.nodes())) {
      store.folder(folder);
    }
  }

  private long leaderMillis() {
    return time.millis() + leaderOffset;
  }

  long delay() {
    return 1 + random.nextLong(longestDelay);
  }

  long pick(long least, long most) {
    return least + random.nextLong(most - least + 1);
  }

  void define(Job job) {
    long now = time.millis();
    DefRecord def =
        new DefRecord(job.record(), List.of(new EraRecord(now, job.record().schedule())), false);
    store.folder(paths.partition(job.name()));
    StateRecord state = StateRecord.startingAt(now);
    states.put(job.name(), state);
    defs.put(job.name(), def);
    store.commit(
        List.of(
            new Change.Make(paths.job(job.name()), new byte[0], false),
            new Change.Make(paths.def(job.name()), Records.DEF.encode(def), false),
            new Change.Make(paths.state(job.name()), Records.STATE.encode(state), false),
            new Change.Make(
                paths.ctl(job.name()), Records.CONTROL.encode(ControlRecord.NONE), false),
            new Change.Make(paths.manual(job.name()), new byte[0], false),
            new Change.Make(paths.exec(job.name()), new byte[0], false)),
        0);
    notice(job.name());
  }

  /** Another definition with the same schedule. */
  void redefine(Job job) {
    DefRecord old = Objects.requireNonNull(defs.get(job.name()));
    DefRecord def = new DefRecord(job.record(), old.eras(), false);
    defs.put(job.name(), def);
    store.commit(List.of(new Change.Put(paths.def(job.name()), Records.DEF.encode(def), -1)), 0);
    notice(job.name());
  }

  void notice(String job) {
    ZkPath partition = paths.partition(job);
    store.commit(List.of(Notice.change(partition, job, store.find(partition, 0))), 0);
  }

  void control(String job, ControlRecord control) {
    store.commit(List.of(new Change.Put(paths.ctl(job), Records.CONTROL.encode(control), -1)), 0);
    notice(job);
  }

  void trigger(String job, String id) {
    trigger(job, id, Map.of());
  }

  void trigger(String job, String id, Map<String, String> parameters) {
    Records.ManualRecord record =
        new Records.ManualRecord(new SlotRecord(time.millis(), null, null), parameters);
    store.commit(
        List.of(new Change.Make(paths.manual(job).own(id), Records.MANUAL.encode(record), false)),
        0);
    notice(job);
  }

  SimNode node(Map<String, Integer> handlers) {
    SimNode node = new SimNode(handlers);
    nodes.add(node);
    node.connect();
    return node;
  }

  private void violate(String what) {
    violations.add("seed " + seed + " at " + time.millis() + ": " + what);
  }

  private void onWritten(ZkPath path, byte[] data) {
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
    if (after.mark() < before.mark()) {
      violate(job + ": the mark went back from " + before.mark() + " to " + after.mark());
    }
    for (ClaimRecord claim : after.open()) {
      if (before.claim(claim.id()).isEmpty()) {
        onClaim(job, claim);
      }
    }
    after.recent().stream()
        .filter(outcome -> before.outcome(outcome.id()).isEmpty())
        .forEach(outcome -> {
          if (!endedClaims.add(job + outcome.id())) {
            violate(job + ": two ends of claim " + outcome.id());
          }
          if (before.claim(outcome.id()).isEmpty()) {
            violate(job + ": an end without a claim " + outcome.id());
          }
        });
  }

  private void onClaim(String job, ClaimRecord claim) {
    long zxid = store.zxid();
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
    if (claim.manual() == null && time.millis() < claim.slot().at()) {
      violate(job + ": slot " + claim.slot().at() + " was claimed early");
    }
  }

  /** Every slot up to the mark has one fate or is open. */
  void verifyAll() {
    states.forEach((job, state) -> {
      Verification found = new Verifier(Objects.requireNonNull(defs.get(job)), state)
          .verify(SimTime.ORIGIN, SimTime.ORIGIN.plus(Duration.ofDays(3650)));
      if (!found.isClean()) {
        violate(job + ": gaps " + found.gaps() + " duplicates " + found.duplicates());
      }
    });
  }

  /** For the message of a failure. */
  String describe(String job) {
    StringBuilder text = new StringBuilder("now " + time.millis() + " " + states.get(job));
    for (SimNode node : nodes) {
      text.append(String.format(
          "%n  %s dead=%s frozen=%s running=%s: %s",
          node.label,
          node.machine.dead,
          node.machine.frozen,
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

    final SimTime.Machine machine = time.new Machine();
    final SchedulerNode node;
    final List<LiveRun> running = new ArrayList<>();
    final String label = "n" + nodes.size();

    @Nullable
    SimSession session;

    SimNode(Map<String, Integer> handlers) {
      NodeSettings settings = new NodeSettings(
          label,
          1,
          capacity,
          Duration.ofSeconds(1),
          zxid -> tokens.apply(zxid),
          meters,
          observer,
          sink,
          SerialLane.inline(Runnable::run, label));
      NodeContext context = new NodeContext(machine::execute, machine, paths, settings);
      node = new SchedulerNode(
          context, new VirtualTriggerEngine(machine), new SimRuns(), () -> label + "-" + ids++);
      handlers.forEach((name, version) -> node.handle(name, version, run -> {}));
    }

    void connect() {
      session = new SimSession(this.world(), machine, ++sessions);
      node.onConnected(session);
    }

    private SimWorld world() {
      return SimWorld.this;
    }

    /** Breaks the connection. */
    void cut(long millis) {
      SimSession broken = session;
      if (broken != null && broken.isConnected() && !machine.dead) {
        broken.cut(millis, back -> {
          if (back.isOver()) {
            node.onLost(back);
            connect();
          } else {
            node.onConnected(back);
          }
        });
        machine.execute(() -> node.onSuspect(broken));
      }
    }

    /** SIGSTOP for a while; the session is found to be over, or not, when it wakes. */
    void freeze(long millis) {
      if (machine.frozen || machine.dead) {
        return;
      }
      machine.frozen = true;
      time.inMillis(millis, this::wake);
    }

    /** SIGCONT. */
    void wake() {
      SimSession before = session;
      if (before != null && before.expiredAtServer) {
        machine.execute(() -> cutForGood(before));
      }
      machine.thaw();
    }

    private void cutForGood(SimSession before) {
      if (before.isOver()) {
        return;
      }
      node.onSuspect(before);
      before.close();
      node.onLost(before);
      connect();
    }

    /** kill -9. */
    void kill() {
      machine.dead = true;
    }

    /** Code that takes virtual time. */
    private final class SimRuns implements RunExecutor {

      @Override
      public void start(LiveRun run, Code code, Consumer<@Nullable Throwable> ended) {
        String key = run.token() + "/" + RunDesk.keyOf(run.claim(), run.part());
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
            time.millis(),
            run.shard(),
            run.part().completion()));
        running.add(run);
        boolean fails = random.nextDouble() < failing;
        time.inMillis(
            Math.max(shortestRun, 1 + random.nextLong(longestRun)),
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
        machine.execute(() -> {
          if (running.remove(run)) {
            ended.accept(thrown);
          }
        });
      }

      @Override
      public void interrupt(LiveRun run) {
        Runnable end = interrupts.get(run);
        if (end != null && random.nextInt(4) > 0) {
          time.inMillis(1 + random.nextLong(100), end);
        }
      }

      @Override
      public void close() {}
    }
  }
}
