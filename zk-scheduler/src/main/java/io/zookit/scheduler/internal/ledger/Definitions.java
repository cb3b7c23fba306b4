package io.zookit.scheduler.internal.ledger;

import io.zookit.core.internal.audit.AuditedChange;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.DefinitionPolicy;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.Job.Difference;
import io.zookit.scheduler.JobConflictException;
import io.zookit.scheduler.JobView;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ControlRecord;
import io.zookit.scheduler.internal.records.Records.DefRecord;
import io.zookit.scheduler.internal.records.Records.EraRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.rules.Planner;
import io.zookit.scheduler.internal.rules.ScheduleTimeline;
import io.zookit.scheduler.internal.state.ChangeNotification;
import io.zookit.scheduler.internal.state.JobSnapshot;
import io.zookit.scheduler.internal.zk.SessionTree.Found;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import io.zookit.scheduler.time.Slot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores definitions.
 *
 * <pre>
 *   first    make(job) make(def) make(state) make(ctl) make(manual) make(exec) put(partition)
 *   again    put(def, version) put(partition)
 *   delete   put(def, version), a tombstone: versions and the watermark go on when the job is defined again
 * </pre>
 */
final class Definitions {

  private static final Logger log = LoggerFactory.getLogger(Definitions.class);
  private static final int MOST_ERAS = 8;
  private static final byte[] NO_DATA = {};

  private final LedgerRequests calls;
  private final JobPaths paths;

  Definitions(LedgerRequests calls, JobPaths paths) {
    this.calls = calls;
    this.paths = paths;
  }

  /** Decides about a definition that is not stored. */
  private interface StoreRule {

    /**
     * Returns whether the given definition is stored.
     *
     * @param defined the job as it is defined differently; empty if it is not defined
     */
    boolean stores(Optional<ReadJob> defined, int tries);
  }

  /** Stores a definition; one that differs from the stored one by a policy. */
  JobView store(Job job, DefinitionPolicy policy) throws InterruptedException {
    return store(
        job,
        (defined, tries) -> defined.isEmpty()
            || switch (policy) {
              case CREATE -> {
                log.warn(
                    "{}: the stored definition, version {}, stays in force; it differs from the given one (stored → given): {}",
                    job,
                    defined.get().job().defVersion(),
                    text(differences(defined.get(), job)));
                yield false;
              }
              case VALIDATE -> throw different(defined.get(), job);
              case REPLACE -> true;
            });
  }

  /** Stores a definition if the stored one has a version. */
  JobView store(Job job, int expected) throws InterruptedException {
    return store(job, (defined, tries) -> {
      int version = defined.map(read -> read.job().defVersion()).orElse(-1);
      if (version != expected) {
        throw inAnotherVersion(defined, job, expected, tries);
      }
      return true;
    });
  }

  private JobView store(Job job, StoreRule rule) throws InterruptedException {
    return calls.until("job " + job.name(), tries -> {
      Optional<List<Found>> found = calls.read(ReadJob.nodesOf(paths, job.name()));
      Optional<Long> now = calls.now();
      if (found.isEmpty() || now.isEmpty()) {
        return Optional.empty();
      }
      Optional<ReadJob> known = ReadJob.decode(paths, job.name(), found.get());
      Optional<ReadJob> defined = known.filter(read -> !read.job().def().deleted());
      boolean isStored = defined.isPresent() && defined.get().job().job().equals(JobRecord.of(job));
      if (isStored || !rule.stores(defined, tries)) {
        return defined.map(ReadJob::view);
      }
      requireSlots(job, now.get());
      return known.isEmpty()
          ? create(job, now.get(), found.get().get(3)).map(ReadJob::view)
          : change(job, known.get(), now.get()).map(ReadJob::view);
    });
  }

  /** Tries to store a job without a schedule whose watermark is just before a slot. */
  void storeEndless(Job job, Slot slot) throws InterruptedException {
    Optional<List<Found>> found = calls.read(ReadJob.nodesOf(paths, job.name()));
    if (found.isPresent()) {
      Optional<ReadJob> known = ReadJob.decode(paths, job.name(), found.get());
      if (known.isEmpty()) {
        create(job, Planner.millis(slot) - 1, found.get().get(3));
      } else if (known.get().job().def().deleted()) {
        change(job, known.get(), Planner.millis(slot) - 1);
      }
    }
  }

  private static List<Difference> differences(ReadJob stored, Job given) {
    return stored.job().job().toJob().differencesTo(given);
  }

  private static String text(List<Difference> differences) {
    return differences.stream().map(Difference::toString).collect(Collectors.joining("; "));
  }

  private static JobConflictException different(ReadJob stored, Job given) {
    int version = stored.job().defVersion();
    List<Difference> differences = differences(stored, given);
    return new JobConflictException(
        given + ": the stored definition, version " + version
            + ", differs from the given one (stored → given): " + text(differences)
            + ". To put the given one in force: replace(job, " + version
            + "), or define or schedule it with DefinitionPolicy.REPLACE; to keep the stored one: DefinitionPolicy.CREATE",
        differences);
  }

  private static JobConflictException inAnotherVersion(
      Optional<ReadJob> defined, Job given, int expected, int tries) {
    if (defined.isEmpty()) {
      return new JobConflictException(
          given + ": is not defined (expected: version " + expected + "); define(job) creates it");
    }
    List<Difference> differences = differences(defined.get(), given);
    return new JobConflictException(
        given + ": is in version " + defined.get().job().defVersion() + " (expected: version "
            + expected + ")" + (tries > 0 ? "; another change came first" : "")
            + "; differences (stored → given): " + text(differences)
            + ". Read the job and pass its version, or replace(job) replaces it in any version",
        differences);
  }

  private static void requireSlots(Job job, long now) {
    job.schedule().ifPresent(schedule -> {
      if (schedule.next(Instant.ofEpochMilli(now)).isEmpty()) {
        throw new IllegalArgumentException(
            job + ": its schedule has no slot after now, it would never fire");
      }
    });
  }

  /** Creates a job; empty if that is to be tried again, or looked for. */
  private Optional<ReadJob> create(Job job, long now, Found partition) throws InterruptedException {
    String name = job.name();
    ZkPath folder = paths.partition(name);
    if (!partition.exists()) {
      calls.ensure(List.of(paths.jobs(), folder));
      return Optional.empty();
    }
    DefRecord def = new DefRecord(
        JobRecord.of(job), List.of(new EraRecord(now, JobRecord.of(job).schedule())), false);
    StateRecord state = StateRecord.startingAt(now);
    boolean stored = calls
        .commit(List.of(
            new WriteOp.Make(paths.job(name), NO_DATA, false),
            new WriteOp.Make(paths.def(name), Records.DEF.encode(def), false),
            new WriteOp.Make(paths.state(name), Records.STATE.encode(state), false),
            new WriteOp.Make(paths.ctl(name), Records.CONTROL.encode(ControlRecord.NONE), false),
            new WriteOp.Make(paths.manual(name), NO_DATA, false),
            new WriteOp.Make(paths.exec(name), NO_DATA, false),
            ChangeNotification.change(folder, name, partition)))
        .isOk();
    JobSnapshot snapshot =
        new JobSnapshot(def, 0, new ScheduleTimeline(def), ControlRecord.NONE, 0, state, 0);
    return stored ? Optional.of(new ReadJob(snapshot, partition)) : Optional.empty();
  }

  /** Replaces the definition of a job; empty if that is to be tried again, or looked for. */
  private Optional<ReadJob> change(Job job, ReadJob known, long now) throws InterruptedException {
    DefRecord before = known.job().def();
    List<EraRecord> eras = new ArrayList<>(before.eras());
    boolean same = !before.deleted()
        && Objects.equals(before.job().schedule(), JobRecord.of(job).schedule());
    if (!same) {
      eras.add(new EraRecord(now, JobRecord.of(job).schedule()));
    }
    DefRecord def = new DefRecord(JobRecord.of(job), newest(eras), false);
    if (!calls.commit(replacing(def, known)).isOk()) {
      return Optional.empty();
    }
    JobSnapshot snapshot = known.job().withDefinition(def);
    if (!before.deleted()) {
      log.info(
          "{}: replaced by version {} (stored → given): {}",
          job,
          snapshot.defVersion(),
          text(differences(known, job)));
    }
    return Optional.of(new ReadJob(snapshot, known.partition()));
  }

  boolean delete(String job, AuditedChange audited) throws InterruptedException {
    boolean[] sent = {false};
    return calls.until("job " + job, tries -> {
      Optional<List<Found>> found = calls.read(ReadJob.nodesOf(paths, job));
      Optional<Long> now = calls.now();
      if (found.isEmpty() || now.isEmpty()) {
        return Optional.empty();
      }
      Optional<ReadJob> known = ReadJob.decode(paths, job, found.get());
      if (known.isEmpty() || known.get().job().def().deleted()) {
        return Optional.of(sent[0]);
      }
      sent[0] = true;
      DefRecord before = known.get().job().def();
      List<EraRecord> eras = new ArrayList<>(before.eras());
      eras.add(new EraRecord(now.get(), null));
      return calls
              .commit(
                  replacing(new DefRecord(before.job(), newest(eras), true), known.get()), audited)
              .isOk()
          ? Optional.of(true)
          : Optional.empty();
    });
  }

  private static List<EraRecord> newest(List<EraRecord> eras) {
    return List.copyOf(eras.subList(Math.max(0, eras.size() - MOST_ERAS), eras.size()));
  }

  private List<WriteOp> replacing(DefRecord def, ReadJob known) {
    String name = def.job().name();
    return List.of(
        new WriteOp.Put(paths.def(name), Records.DEF.encode(def), known.job().defVersion()),
        ChangeNotification.change(paths.partition(name), name, known.partition()));
  }
}
