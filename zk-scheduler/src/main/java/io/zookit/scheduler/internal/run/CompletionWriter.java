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
import io.zookit.scheduler.internal.state.JobStateWriter;
import io.zookit.scheduler.internal.state.NodeContext;
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

  /** Receives the results of end records. */
  public interface Listener {

    /** The end is recorded. */
    void onEnded(CachedJob entry, LiveRun run, RunRecord record);

    /** The claim was lost before: the end is not recorded. */
    void onRefused(LiveRun run);
  }

  private static final class PendingEnd {

    final LiveRun run;
    CachedJob entry;
    final SlotOutcome outcome;
    final @Nullable String error;
    boolean underWay;

    PendingEnd(LiveRun run, CachedJob entry, SlotOutcome outcome, @Nullable String error) {
      this.run = run;
      this.entry = entry;
      this.outcome = outcome;
      this.error = error;
    }
  }

  private final NodeContext context;
  private final JobCache book;
  private final Listener listener;
  private final JobStateWriter writer;
  private final Map<String, PendingEnd> endings = new LinkedHashMap<>();

  public CompletionWriter(NodeContext context, JobCache book, Listener listener) {
    this.context = context;
    this.book = book;
    this.listener = listener;
    this.writer = new JobStateWriter(context.paths, context.settings.label());
  }

  /** Ends a claim; the listener is notified once. */
  public void end(CachedJob entry, LiveRun run, SlotOutcome outcome, @Nullable String error) {
    PendingEnd ending = new PendingEnd(run, entry, outcome, error);
    endings.put(run.claim().id(), ending);
    if (context.isCurrent(run.tree())) {
      attempt(ending, false);
    } else {
      refuse(ending);
    }
  }

  /** The entry was read: ends that wait are tried again. */
  public void onRead(CachedJob entry) {
    for (PendingEnd ending : List.copyOf(endings.values())) {
      if (ending.entry.name.equals(entry.name) && !ending.underWay) {
        ending.entry = entry;
        attempt(ending, true);
      }
    }
  }

  /** Re-reads the jobs of pending ends after a reconnection: the responses to their commits were lost. */
  public void onReconnected() {
    endings.values().forEach(ending -> book.want(ending.entry.name));
  }

  public void onLost() {
    List.copyOf(endings.values()).forEach(this::refuse);
  }

  private void attempt(PendingEnd ending, boolean wasRead) {
    CachedJob entry = ending.entry;
    String id = ending.run.claim().id();
    switch (writer.statusOf(entry.state, id, ending.outcome)) {
      case OPEN -> entry.state.claim(id).ifPresent(claim -> send(ending, claim));
      case ENDED -> entry.state.ended(id).ifPresent(ended -> settle(ending, ended));
      case LOST -> {
        if (wasRead) {
          refuse(ending);
        } else {
          book.want(entry.name);
        }
      }
    }
  }

  private void send(PendingEnd ending, ClaimRecord claim) {
    CachedJob entry = ending.entry;
    List<WriteOp> drops = ending.run.hasCheckpoint()
        ? List.of(new WriteOp.Drop(context.paths.checkpoint(entry.name, claim), -1))
        : List.of();
    StateChange change = writer.end(
        entry.snapshot(),
        claim,
        ending.run.runPath(),
        ending.run.attempt(),
        ending.outcome,
        ending.error,
        drops,
        context.clock.now());
    boolean ran =
        change.endOf(claim).filter(end -> end.outcome() == SlotOutcome.RAN).isPresent();
    List<String> followers = ran ? followers(entry.name) : List.of();
    List<WriteOp> operations = new ArrayList<>(change.operations());
    followers.forEach(follower -> operations.add(trigger(follower, claim)));
    commit(ending, change, operations, followers);
  }

  private void commit(
      PendingEnd ending,
      StateChange change,
      List<WriteOp> operations,
      Collection<String> followers) {
    CachedJob entry = ending.entry;
    SessionTree tree = ending.run.tree();
    ending.underWay = true;
    context.commit(operations, answer -> {
      ending.underWay = false;
      if (!context.isCurrent(tree) || endings.get(ending.run.claim().id()) != ending) {
        return;
      }
      if (answer.isOk()) {
        entry.own = entry.take(change.next(), answer.get().get(0).version());
        followers.forEach(this::announce);
        change.endOf(ending.run.claim()).ifPresent(ended -> settle(ending, ended));
      } else if (answer.isAnswered()) {
        followers.forEach(book::want);
        context.later(20, () -> book.want(entry.name));
      }
    });
  }

  /**
   * Notifies the other nodes of a follower's trigger; a node that misses the notification finds it the next time it
   * reads the job.
   */
  private void announce(String follower) {
    book.want(follower);
    ChangeNotification.of(context, follower, changes -> context.commit(changes, done -> {}));
  }

  private List<String> followers(String job) {
    return book.after(job).stream()
        .filter(entry -> !entry.isDeleted())
        .map(entry -> entry.name)
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

  private void settle(PendingEnd ending, EndRecord ended) {
    endings.remove(ending.run.claim().id());
    RunRecord record = ended.toRun(ending.entry.name, ending.error);
    listener.onEnded(ending.entry, ending.run, record);
  }

  private void refuse(PendingEnd ending) {
    endings.remove(ending.run.claim().id());
    listener.onRefused(ending.run);
  }
}
