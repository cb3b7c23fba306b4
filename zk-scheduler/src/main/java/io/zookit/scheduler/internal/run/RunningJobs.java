package io.zookit.scheduler.internal.run;

import io.zookit.scheduler.JobHandler;
import io.zookit.scheduler.Retry;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.rules.Planner;
import io.zookit.scheduler.internal.run.LiveRun.Phase;
import io.zookit.scheduler.internal.run.LiveRun.Shard;
import io.zookit.scheduler.internal.state.JobEvent;
import io.zookit.scheduler.internal.state.JobEvent.RunEnded;
import io.zookit.scheduler.internal.state.NodeContext;
import io.zookit.scheduler.internal.zk.SessionTree;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of this node: starts their code, tries it again, interrupts it, and hands over what became of it. Lives on the
 * loop.
 */
public final class RunningJobs {

  private static final Logger log = LoggerFactory.getLogger(RunningJobs.class);
  private static final long CHECK_MILLIS = 1_000;

  private final NodeContext context;
  private final RunExecutor executor;
  private final Consumer<JobEvent> events;
  private final LiveRun.CheckpointStore progress;
  private final Map<String, LiveRun> live = Collections.synchronizedMap(new LinkedHashMap<>());
  private final Set<LiveRun> zombies = new HashSet<>();
  private boolean stopping;
  private boolean checking;

  public RunningJobs(
      NodeContext context,
      RunExecutor executor,
      LiveRun.CheckpointStore progress,
      Consumer<JobEvent> events) {
    this.context = context;
    this.executor = executor;
    this.progress = progress;
    this.events = events;
  }

  /** The name under which a run is kept: shards of one slot share its claim. */
  public static String keyOf(ClaimRecord claim, Shard shard) {
    return shard.endsSlot() ? claim.id() : claim.id() + "/" + shard.index();
  }

  public List<LiveRun> runs() {
    return new ArrayList<>(live.values());
  }

  public int count() {
    return live.size();
  }

  public boolean hasRoom() {
    return live.size() < context.settings.capacity();
  }

  @Nullable
  public LiveRun run(String key) {
    return live.get(key);
  }

  /** Returns whether code of a job still runs here under a claim of an earlier session. */
  public boolean hasZombie(String job) {
    return zombies.stream().anyMatch(run -> run.job().equals(job));
  }

  /** Takes a run up, so that it is not taken twice. */
  void admit(LiveRun run) {
    live.put(keyOf(run.claim(), run.assignedShard()), run);
  }

  /** Starts the code of a claim that is certainly ours; not before its time. */
  void start(LiveRun run, JobHandler handler, long earlyMillis) {
    if (earlyMillis > 0) {
      context.settings.meters().count("zookit.scheduler.early", 1);
      context.later(earlyMillis, () -> execute(run, handler));
    } else {
      execute(run, handler);
    }
    Long limit = run.definition().policies().maxRunTime();
    if (limit != null) {
      context.later(limit, () -> cancel(run, Phase.TIMED_OUT));
    }
    checkLater();
  }

  /** Runs that last are looked at every second from their second look on; one that ends before it costs no request. */
  private void checkLater() {
    if (!checking) {
      checking = true;
      context.later(CHECK_MILLIS, this::check);
    }
  }

  /** Detects runs whose node was removed: such a run has lost its claim, and others may run the slot again. */
  private void check() {
    checking = false;
    List<LiveRun> open = runs().stream().filter(LiveRun::needsClaim).toList();
    if (open.isEmpty()) {
      return;
    }
    checkLater();
    SessionTree tree = context.tree;
    List<LiveRun> mine =
        open.stream().filter(run -> run.isSeen() && run.tree().equals(tree)).toList();
    open.forEach(LiveRun::toSeen);
    if (tree != null && tree.isConnected() && !mine.isEmpty()) {
      tree.read(mine.stream().map(LiveRun::runPath).toList(), read -> {
        for (int i = 0; read.isOk() && i < mine.size(); i++) {
          if (!read.get().get(i).mine() && mine.get(i).needsClaim()) {
            lose(mine.get(i));
          }
        }
      });
    }
  }

  private void lose(LiveRun run) {
    if (live.containsValue(run)) {
      log.atWarn()
          .addKeyValue("job", run.job())
          .addKeyValue("token", run.token())
          .log("the node of {} was removed, it has lost its claim", run);
      zombies.add(run);
      cancel(run, Phase.LOST);
    }
  }

  LiveRun.CheckpointStore progress() {
    return progress;
  }

  private void execute(LiveRun run, JobHandler handler) {
    RunExecutor.Code code = run.assignedShard().completion()
        ? () -> handler.onAllShardsDone(run)
        : () -> handler.run(run);
    Consumer<@Nullable Throwable> ended =
        thrown -> context.loop.execute(() -> onEnded(run, handler, thrown));
    executor.start(run, code, ended);
  }

  private void onEnded(LiveRun run, JobHandler handler, @Nullable Throwable thrown) {
    Retry retry = run.definition().policies().retry();
    run.setTrace(thrown);
    boolean again = thrown != null && run.isWanted() && !stopping && run.tries() < retry.attempts();
    if (again) {
      long delay = retry.after(run.tries()).toMillis();
      run.countTry();
      context.later(delay, () -> {
        if (run.isWanted() && !stopping) {
          execute(run, handler);
        } else {
          end(run, thrown);
        }
      });
    } else {
      end(run, thrown);
    }
  }

  private void end(LiveRun run, @Nullable Throwable thrown) {
    run.toCodeEnded();
    events.accept(new RunEnded(
        keyOf(run.claim(), run.assignedShard()), outcomeOf(run, thrown), describe(run, thrown)));
  }

  private static SlotOutcome outcomeOf(LiveRun run, @Nullable Throwable thrown) {
    return switch (run.phase()) {
      case TIMED_OUT -> SlotOutcome.TIMED_OUT;
      case CANCELLED -> SlotOutcome.FAILED;
      case ON, LOST -> thrown == null ? SlotOutcome.RAN : SlotOutcome.FAILED;
    };
  }

  private static @Nullable String describe(LiveRun run, @Nullable Throwable thrown) {
    if (run.phase() == Phase.CANCELLED) {
      return "cancelled";
    }
    if (thrown == null) {
      return null;
    }
    return Planner.shown(thrown.toString());
  }

  /** Tells the code of a run to end. */
  public void cancel(LiveRun run, Phase why) {
    if (live.containsValue(run) && run.toPhase(why)) {
      executor.interrupt(run);
    }
  }

  /** The claim of a run has its end, or this node has nothing to say about it any more. */
  public void forget(LiveRun run) {
    live.remove(keyOf(run.claim(), run.assignedShard()), run);
    zombies.remove(run);
  }

  /** The session is over: whatever it claimed is claimed no more. */
  public void onLost(SessionTree lost) {
    for (LiveRun run : runs()) {
      if (run.tree().equals(lost)) {
        zombies.add(run);
        cancel(run, Phase.LOST);
      }
    }
  }

  /** Nothing is tried again from now on. */
  public void stop() {
    stopping = true;
  }

  public void interruptAll() {
    runs().forEach(run -> cancel(run, Phase.CANCELLED));
  }

  public void close() {
    executor.close();
  }
}
