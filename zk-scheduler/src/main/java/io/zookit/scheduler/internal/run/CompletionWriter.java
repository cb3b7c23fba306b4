package io.zookit.scheduler.internal.run;

import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ManualRecord;
import io.zookit.scheduler.internal.records.SlotRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import io.zookit.scheduler.internal.state.CachedJob;
import io.zookit.scheduler.internal.state.ChangeNotification;
import io.zookit.scheduler.internal.state.JobCache;
import io.zookit.scheduler.internal.state.JobEvent;
import io.zookit.scheduler.internal.state.JobEvent.EndAnswered;
import io.zookit.scheduler.internal.state.JobStateWriter;
import io.zookit.scheduler.internal.state.NodeContext;
import io.zookit.scheduler.internal.state.PastEnds;
import io.zookit.scheduler.internal.state.PastEnds.ReadRange;
import io.zookit.scheduler.internal.state.StateChange;
import io.zookit.scheduler.internal.zk.SessionTree;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import io.zookit.scheduler.time.Slot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * Writes the end records of this node's runs: {@code put(state) drop(run)}, and in the same commit the triggers of
 * followers and a pause after too many failures.
 *
 * <p>An end is written as long as the claim is in the state and the session is the one that claimed. After a refusal or
 * a lost response the state is read first; a claim that is gone from it was ended by another client, and this end is
 * refused. Confined to the loop.
 */
public final class CompletionWriter {

  private static final long CONFLICT_MILLIS = 20;

  /**
   * An end that is to be recorded.
   *
   * @param sent whether a commit that records it is under way
   * @param skips whether the numbers of ranges in turn are to be skipped
   */
  private record PendingEnd(
      LiveRun run, SlotOutcome outcome, @Nullable String error, boolean sent, boolean skips) {

    String key() {
      return run.claim().id();
    }

    PendingEnd withSent(boolean to) {
      return new PendingEnd(run, outcome, error, to, skips);
    }

    PendingEnd withSkips() {
      return new PendingEnd(run, outcome, error, sent, true);
    }
  }

  private final NodeContext context;
  private final JobCache cache;
  private final Consumer<JobEvent> events;
  private final JobStateWriter writer;
  private final Map<String, PendingEnd> endings = new LinkedHashMap<>();

  /**
   * Creates a writer.
   *
   * @param events receives the answers, once for each end
   */
  public CompletionWriter(NodeContext context, JobCache cache, Consumer<JobEvent> events) {
    this.context = context;
    this.cache = cache;
    this.events = events;
    this.writer = new JobStateWriter(context.paths, context.settings.label());
  }

  /** Ends a claim. */
  public void end(LiveRun run, SlotOutcome outcome, @Nullable String error) {
    PendingEnd ending = new PendingEnd(run, outcome, error, false, false);
    endings.put(ending.key(), ending);
    if (context.isCurrent(run.tree())) {
      attempt(ending, false);
    } else {
      refuse(ending);
    }
  }

  /** The job was read: ends that wait are tried again. */
  public void onRead(String job) {
    for (PendingEnd ending : List.copyOf(endings.values())) {
      if (ending.run.job().equals(job) && !ending.sent) {
        attempt(ending, true);
      }
    }
  }

  /** Re-reads the jobs of pending ends after a reconnection: the responses to their commits were lost. */
  public void onReconnected() {
    endings.values().forEach(ending -> cache.want(ending.run.job()));
  }

  public void onLost() {
    List.copyOf(endings.values()).forEach(this::refuse);
  }

  private void attempt(PendingEnd ending, boolean wasRead) {
    String name = ending.run.job();
    CachedJob job = cache.find(name);
    if (job == null) {
      refuse(ending);
      return;
    }
    String id = ending.key();
    switch (writer.statusOf(job.state(), id, ending.outcome)) {
      case OPEN -> job.state().claim(id).ifPresent(claim -> send(job, ending, claim));
      case ENDED -> job.state().ended(id).ifPresent(ended -> settle(ending, ended));
      case LOST -> {
        if (wasRead) {
          PastEnds.read(context, name, job.state(), past -> settlePast(ending, past));
        } else {
          cache.want(name);
        }
      }
    }
  }

  private void send(CachedJob job, PendingEnd ending, ClaimRecord claim) {
    List<WriteOp> drops = ending.run.hasCheckpoint()
        ? List.of(new WriteOp.Drop(context.paths.checkpoint(job.name(), claim), -1))
        : List.of();
    StateChange ended = writer.end(
        job.stored(),
        claim,
        ending.run.runPath(),
        ending.run.attempt(),
        ending.outcome,
        ending.error,
        drops,
        context.clock.now());
    StateChange change = ending.skips
        ? writer.skippingRanges(job.stored(), ended)
        : writer.movingRanges(job.stored(), ended);
    boolean ran =
        change.endOf(claim).filter(end -> end.outcome() == SlotOutcome.RAN).isPresent();
    List<String> followers = ran ? followers(job.name()) : List.of();
    List<WriteOp> operations = new ArrayList<>(change.operations());
    followers.forEach(follower -> operations.add(trigger(follower, claim)));
    commit(ending, change, operations, followers);
  }

  private void commit(
      PendingEnd ending,
      StateChange change,
      List<WriteOp> operations,
      Collection<String> followers) {
    String job = ending.run.job();
    SessionTree tree = ending.run.tree();
    PendingEnd sent = ending.withSent(true);
    endings.put(ending.key(), sent);
    context.commit(operations, answer -> {
      if (!context.isCurrent(tree) || !sent.equals(endings.get(ending.key()))) {
        return;
      }
      endings.put(ending.key(), ending);
      if (answer.isOk()) {
        int version = answer.get().get(0).version();
        cache.update(job, known -> known.withWrittenState(change.next(), version));
        followers.forEach(this::announce);
        change.endOf(ending.run.claim()).ifPresent(ended -> settle(ending, ended));
      } else if (answer.isAnswered()) {
        if (answer.code() != Code.BADVERSION) {
          endings.put(ending.key(), ending.withSkips());
        }
        followers.forEach(cache::want);
        context.later(CONFLICT_MILLIS, () -> cache.want(job));
      }
    });
  }

  /**
   * Notifies the other nodes of a follower's trigger; a node that misses the notification finds it the next time it
   * reads the job.
   */
  private void announce(String follower) {
    cache.want(follower);
    ChangeNotification.of(context, follower, changes -> context.commit(changes, done -> {}));
  }

  private List<String> followers(String job) {
    return cache.after(job).stream()
        .filter(follower -> !follower.isDeleted())
        .map(CachedJob::name)
        .toList();
  }

  private WriteOp trigger(String follower, ClaimRecord claim) {
    Slot now = Slot.at(Instant.ofEpochMilli(context.clock.now()));
    ManualRecord record = new ManualRecord(SlotRecord.of(now), Map.of());
    return new WriteOp.Make(
        context.paths.manual(follower).own("after-" + claim.id()),
        Records.MANUAL.encode(record),
        false);
  }

  /** The state does not have the end: it was recorded long ago, or never. */
  private void settlePast(PendingEnd ending, List<ReadRange> past) {
    if (!ending.equals(endings.get(ending.key()))) {
      return;
    }
    writer
        .ownEnd(PastEnds.endsOf(past), ending.key(), ending.outcome)
        .ifPresentOrElse(ended -> settle(ending, ended), () -> refuse(ending));
  }

  private void settle(PendingEnd ending, EndRecord ended) {
    endings.remove(ending.key());
    RunRecord record = ended.toRun(ending.run.job(), ending.error);
    events.accept(new EndAnswered(ending.key(), record));
  }

  private void refuse(PendingEnd ending) {
    endings.remove(ending.key());
    events.accept(new EndAnswered(ending.key(), null));
  }
}
