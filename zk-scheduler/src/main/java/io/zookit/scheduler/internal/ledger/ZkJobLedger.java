package io.zookit.scheduler.internal.ledger;

import io.zookit.core.LiveValue;
import io.zookit.core.internal.audit.AuditedChange;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.overview.FolderOverview;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.DefinitionPolicy;
import io.zookit.scheduler.HistorySink;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobNode;
import io.zookit.scheduler.JobView;
import io.zookit.scheduler.NextRun;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SlotReport;
import io.zookit.scheduler.UnknownJobException;
import io.zookit.scheduler.Verification;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ControlRecord;
import io.zookit.scheduler.internal.records.Records.ManualRecord;
import io.zookit.scheduler.internal.records.Records.PauseRecord;
import io.zookit.scheduler.internal.records.SlotRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.rules.DstNote;
import io.zookit.scheduler.internal.rules.OutcomeLister;
import io.zookit.scheduler.internal.rules.Planner;
import io.zookit.scheduler.internal.rules.RecordedOutcome;
import io.zookit.scheduler.internal.rules.ScheduleTimeline;
import io.zookit.scheduler.internal.rules.Verifier;
import io.zookit.scheduler.internal.state.ChangeNotification;
import io.zookit.scheduler.internal.zk.SessionTree.Found;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import io.zookit.scheduler.time.Slot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's operations for blocking callers: read, decide, commit against the versions read, and repeat if they have
 * changed.
 */
public final class ZkJobLedger implements JobLedger {

  private static final int MOST_BACKFILL = 1000;

  /** The greatest number of outcomes that one call lists. */
  private static final int MOST_OUTCOMES = 20_000;

  private static final int TOGETHER = 50;
  private static final String BACKFILL = "backfill-";
  private static final String CALL = "_";

  private final LedgerRequests calls;
  private final JobPaths paths;
  private final Definitions definitions;
  private final FolderOverview<Listing> overview;

  public ZkJobLedger(CoreClient client, FolderOverview<Listing> overview) {
    this.overview = overview;
    this.calls = new LedgerRequests(client);
    this.paths = new JobPaths(client.rootPath());
    this.definitions = new Definitions(calls, paths);
  }

  /** An answer: a job, or that there is none. */
  private record JobLookup(Optional<ReadJob> read) {

    Optional<ReadJob> defined() {
      return read.filter(each -> !each.job().def().deleted());
    }
  }

  private Optional<JobLookup> tryRead(String job) throws InterruptedException {
    ZkPath.requireName("job", job);
    return calls
        .read(ReadJob.nodesOf(paths, job))
        .map(found -> new JobLookup(ReadJob.decode(paths, job, found)));
  }

  /** Reads a job that must be there. */
  private Optional<ReadJob> tryKnown(String job) throws InterruptedException {
    Optional<JobLookup> answered = tryRead(job);
    if (answered.isPresent() && answered.get().defined().isEmpty()) {
      throw new UnknownJobException("job " + job + ": is not defined");
    }
    return answered.flatMap(JobLookup::defined);
  }

  private ReadJob known(String job) throws InterruptedException {
    return calls.until("job " + job, tries -> tryKnown(job));
  }

  /**
   * A job and its state with its past.
   *
   * @param state the state with the ends and outcomes of ranges
   */
  private record PastJob(ReadJob job, StateRecord state) {}

  private Optional<PastJob> tryWithPast(ReadJob read) throws InterruptedException {
    return calls.withPast(read).map(state -> new PastJob(read, state));
  }

  private PastJob knownWithPast(String job) throws InterruptedException {
    return calls.until("job " + job, tries -> {
      Optional<ReadJob> read = tryKnown(job);
      return read.isEmpty() ? Optional.empty() : tryWithPast(read.get());
    });
  }

  @Override
  public JobView define(Job job, DefinitionPolicy policy) throws InterruptedException {
    return definitions.store(job, policy);
  }

  @Override
  public JobView replace(Job job, int version) throws InterruptedException {
    if (version < 0) {
      throw new IllegalArgumentException("version: " + version + " (expected: 0 or more)");
    }
    return definitions.store(job, version);
  }

  @Override
  public boolean delete(String job, String reason) throws InterruptedException {
    ZkPath.requireName("job", job);
    return definitions.delete(job, because(AuditedChange.of("job.delete", job), reason));
  }

  @Override
  public Optional<JobView> find(String job) throws InterruptedException {
    return calls.until("job " + job, tries -> tryRead(job)).defined().map(ReadJob::view);
  }

  @Override
  public Listing listing() throws InterruptedException {
    return ListingReader.read(calls, paths);
  }

  @Override
  public LiveValue<Listing> overview() {
    return overview.open();
  }

  @Override
  public void pause(String job, String reason) throws InterruptedException {
    setPaused(job, reason, because(AuditedChange.of("job.pause", job), reason));
  }

  @Override
  public void resume(String job, String reason) throws InterruptedException {
    setPaused(job, null, because(AuditedChange.of("job.resume", job), reason));
  }

  /** Pauses a job for a reason; resumes it without one. */
  private void setPaused(String job, @Nullable String reason, AuditedChange audited)
      throws InterruptedException {
    calls.until("job " + job, tries -> {
      Optional<ReadJob> read = tryKnown(job);
      Optional<Long> now = read.isEmpty() ? Optional.empty() : calls.now();
      if (read.isEmpty() || now.isEmpty()) {
        return Optional.empty();
      }
      ControlRecord control = read.get().job().control();
      if (control.isPaused() == (reason != null)) {
        return Optional.of(true);
      }
      List<PauseRecord> pauses = new ArrayList<>(control.pauses());
      pauses.removeIf(
          pause -> pause.to() != null && pause.to() <= read.get().job().state().watermark());
      if (reason != null) {
        pauses.add(new PauseRecord(now.get(), null, reason));
      } else {
        PauseRecord open = pauses.remove(pauses.size() - 1);
        pauses.add(new PauseRecord(open.from(), now.get(), open.reason()));
      }
      return writeControl(
          job,
          read.get(),
          new ControlRecord(control.cancel(), control.cancelAt(), pauses),
          audited);
    });
  }

  private static AuditedChange because(AuditedChange change, String reason) {
    if (reason.isEmpty()) {
      return change;
    }
    return change.with(change.detail().map(detail -> detail + ": " + reason).orElse(reason));
  }

  private Optional<Boolean> writeControl(
      String job, ReadJob read, ControlRecord control, AuditedChange audited)
      throws InterruptedException {
    boolean done = calls
        .commit(
            List.of(
                new WriteOp.Put(
                    paths.ctl(job), Records.CONTROL.encode(control), read.job().controlVersion()),
                ChangeNotification.change(paths.partition(job), job, read.partition())),
            audited)
        .isOk();
    return done ? Optional.of(true) : Optional.empty();
  }

  @Override
  public boolean trigger(String job, String id, Map<String, String> parameters, String reason)
      throws InterruptedException {
    ZkPath node = paths.manual(ZkPath.requireName("job", job)).child(id);
    int size = Records.sizeOf(parameters);
    if (size > Planner.MOST_PARAMETERS) {
      throw new IllegalArgumentException("parameters: " + size
          + " bytes as JSON (expected: at most " + Planner.MOST_PARAMETERS + ")");
    }
    boolean[] sent = {false};
    return calls.until("trigger " + id + " of job " + job, tries -> {
      Optional<List<Found>> there = calls.read(List.of(node));
      Optional<ReadJob> read =
          tryKnown(job); // after the trigger: what was taken meanwhile is in the state
      Optional<Long> now = calls.now();
      Optional<PastJob> past = read.isEmpty() ? Optional.empty() : tryWithPast(read.get());
      if (read.isEmpty() || there.isEmpty() || now.isEmpty() || past.isEmpty()) {
        return Optional.empty();
      }
      if (there.get().get(0).exists() || past.get().state().hasTaken(id)) {
        return Optional.of(sent[0]);
      }
      SlotRecord slot = SlotRecord.of(Slot.at(Instant.ofEpochMilli(now.get())));
      ManualRecord record = new ManualRecord(slot, new TreeMap<>(parameters));
      sent[0] = true;
      return trigger(
              job,
              read.get(),
              List.of(new WriteOp.Make(node, Records.MANUAL.encode(record), false)),
              because(AuditedChange.of("job.trigger", job).with(id).byPrograms(), reason))
          ? Optional.of(true)
          : Optional.empty();
    });
  }

  private boolean trigger(String job, ReadJob read, List<WriteOp> triggers, AuditedChange audited)
      throws InterruptedException {
    List<WriteOp> changes = new ArrayList<>(triggers);
    changes.add(new WriteOp.Check(paths.def(job), read.job().defVersion()));
    changes.add(ChangeNotification.change(paths.partition(job), job, read.partition()));
    return calls.commit(changes, audited).isOk();
  }

  @Override
  public int backfill(String job, Instant after, Instant upTo, String reason)
      throws InterruptedException {
    ReadJob read = known(job);
    ScheduleTimeline timeline = read.job().timeline();
    if (timeline.isDelay()) {
      throw new IllegalArgumentException(
          "job " + job + ": a fixed delay has no past slots (expected: another schedule)");
    }
    List<Slot> slots = timeline.between(
        Math.max(after.toEpochMilli(), timeline.since()),
        Math.min(upTo.toEpochMilli(), read.job().state().watermark()),
        0,
        MOST_BACKFILL + 1);
    if (slots.size() > MOST_BACKFILL) {
      throw new IllegalArgumentException(
          "range: more than " + MOST_BACKFILL + " slots (expected: at most " + MOST_BACKFILL + ")");
    }
    String call = UUID.randomUUID().toString().substring(0, 8);
    int made = 0;
    for (int i = 0; i < slots.size(); i += TOGETHER) {
      List<Slot> some = slots.subList(i, Math.min(slots.size(), i + TOGETHER));
      made += calls.until("backfill of job " + job, tries -> fill(job, some, call, reason));
    }
    return made;
  }

  /**
   * Requests the slots that neither wait nor run. Requests carry the name of this call, so each slot is requested once
   * however often the call is retried, and again by the next call.
   */
  private Optional<Integer> fill(String job, List<Slot> slots, String call, String reason)
      throws InterruptedException {
    Optional<List<String>> waiting = calls.list(paths.manual(job));
    Optional<ReadJob> read =
        tryKnown(job); // after the list: what was taken meanwhile is in the state
    Optional<PastJob> past = read.isEmpty() ? Optional.empty() : tryWithPast(read.get());
    if (read.isEmpty() || waiting.isEmpty() || past.isEmpty()) {
      return Optional.empty();
    }
    StateRecord state = past.get().state();
    Set<String> asked = new HashSet<>();
    waiting.get().forEach(id -> asked.add(slotOf(id)));
    state.open().stream()
        .map(ClaimRecord::manual)
        .filter(Objects::nonNull)
        .forEach(id -> asked.add(slotOf(id)));
    List<WriteOp> changes = new ArrayList<>();
    for (Slot slot : slots) {
      String name = BACKFILL + Planner.millis(slot);
      String id = name + CALL + call;
      if (!asked.contains(name) && !state.hasTaken(id)) {
        ManualRecord record = new ManualRecord(SlotRecord.of(slot), Map.of());
        changes.add(
            new WriteOp.Make(paths.manual(job).own(id), Records.MANUAL.encode(record), false));
      }
    }
    boolean done = changes.isEmpty()
        || trigger(
            job,
            read.get(),
            changes,
            because(
                AuditedChange.of("job.trigger", job)
                    .with("backfill of " + changes.size() + " slots from " + slots.get(0)),
                reason));
    return done ? Optional.of(slots.size()) : Optional.empty();
  }

  /** The part of a backfill's id that names the slot; older clients write nothing else. */
  private static String slotOf(String id) {
    int call = id.indexOf(CALL);
    return id.startsWith(BACKFILL) && call > 0 ? id.substring(0, call) : id;
  }

  @Override
  public boolean cancel(String job, String reason) throws InterruptedException {
    return calls.until("job " + job, tries -> {
      Optional<ReadJob> read = tryKnown(job);
      Optional<Long> now = calls.now();
      if (read.isEmpty() || now.isEmpty()) {
        return Optional.empty();
      }
      Optional<ClaimRecord> claim = read.get().job().state().open().stream().findFirst();
      if (claim.isEmpty()) {
        return Optional.of(false);
      }
      ControlRecord control = read.get().job().control();
      return writeControl(
          job,
          read.get(),
          new ControlRecord(claim.get().id(), now.get(), control.pauses()),
          because(AuditedChange.of("job.cancel", job), reason));
    });
  }

  @Override
  public List<RunRecord> history(String job) throws InterruptedException {
    PastJob read = knownWithPast(job);
    List<RunRecord> ends = read.job().ends(read.state());
    return List.copyOf(ends.subList(0, Math.min(ends.size(), StateRecord.RECENT)));
  }

  /**
   * Returns the slots of a range that the ledger has outcomes of, oldest first; at most {@value #MOST_OUTCOMES}.
   *
   * @param after slots after this instant
   * @param upTo and not after this one
   */
  public List<RecordedOutcome> outcomes(String job, Instant after, Instant upTo)
      throws InterruptedException {
    requireRange(after, upTo);
    PastJob read = knownWithPast(job);
    return new OutcomeLister(read.job().job().def(), read.state()).list(after, upTo, MOST_OUTCOMES);
  }

  private static void requireRange(Instant after, Instant upTo) {
    if (upTo.isBefore(after)) {
      throw new IllegalArgumentException(
          "range: " + after + " to " + upTo + " (expected: the begin before the end)");
    }
  }

  @Override
  public List<SlotReport> slots(String job, int count) throws InterruptedException {
    requireCount(count);
    PastJob read = knownWithPast(job);
    return NewestSlots.of(read.job().job().def(), read.state(), count);
  }

  private static void requireCount(int count) {
    if (count < 1 || count > MOST_BACKFILL) {
      throw new IllegalArgumentException(
          "count: " + count + " (expected: 1 to " + MOST_BACKFILL + ")");
    }
  }

  @Override
  public List<NextRun> next(String job, int count) throws InterruptedException {
    requireCount(count);
    ReadJob read = known(job);
    long now = calls.until("job " + job, tries -> calls.now());
    ScheduleTimeline timeline = read.job().timeline();
    Job definition = read.job().job().toJob();
    long end = read.job().state().lastEnd();
    List<NextRun> runs = new ArrayList<>();
    for (Slot slot : timeline.between(now, Long.MAX_VALUE, end, timeline.isDelay() ? 1 : count)) {
      Instant due = slot.instant().plusMillis(read.job().job().jitter());
      runs.add(new NextRun(slot, due, DstNote.of(definition, slot)));
    }
    return runs;
  }

  @Override
  public Verification verify(
      String job, Instant after, Instant upTo, List<? extends HistorySink.Archive> sinks)
      throws InterruptedException {
    requireRange(after, upTo);
    PastJob read = knownWithPast(job);
    List<RunRecord> kept = new ArrayList<>();
    sinks.forEach(sink -> kept.addAll(sink.runs(job, after, upTo)));
    return new Verifier(read.job().job().def(), read.state(), kept).verify(after, upTo);
  }

  @Override
  public List<JobNode> nodes() throws InterruptedException {
    return calls.until("nodes", tries -> calls.nodes()).stream()
        .map(member -> new JobNode(
            member.id(),
            member.record().label(),
            member.record().handlers(),
            member.record().weight(),
            Instant.ofEpochMilli(member.record().wallClock()),
            member.record().tzdb(),
            member.record().draining()))
        .toList();
  }
}
