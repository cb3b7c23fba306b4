package io.zookit.scheduler.internal.ledger;

import io.zookit.core.internal.audit.AuditedChange;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobConflictException;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ControlRecord;
import io.zookit.scheduler.internal.records.Records.DefRecord;
import io.zookit.scheduler.internal.records.Records.EraRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.rules.Planner;
import io.zookit.scheduler.internal.state.ChangeNotification;
import io.zookit.scheduler.internal.zk.SessionTree.Found;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import io.zookit.scheduler.time.Slot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /** Matches any stored version. */
  static final int ANY = -1;

  /** Only what is equal or absent. */
  static final int UNLESS_DIFFERENT = -2;

  private static final int MOST_ERAS = 8;
  private static final byte[] NO_DATA = {};

  private final LedgerRequests calls;
  private final JobPaths paths;

  Definitions(LedgerRequests calls, JobPaths paths) {
    this.calls = calls;
    this.paths = paths;
  }

  ReadJob store(Job job, int expected) throws InterruptedException {
    return calls.until("job " + job.name(), tries -> {
      Optional<List<Found>> found = calls.read(ReadJob.nodesOf(paths, job.name()));
      Optional<Long> now = calls.now();
      if (found.isEmpty() || now.isEmpty()) {
        return Optional.empty();
      }
      Optional<ReadJob> known = ReadJob.decode(paths, job.name(), found.get());
      boolean there = known.isPresent() && !known.get().job().def().deleted();
      if (there && known.get().job().job().equals(JobRecord.of(job))) {
        return known;
      }
      requireExpected(job, known.orElse(null), there, expected, tries);
      requireSlots(job, now.get());
      if (known.isEmpty()) {
        create(job, now.get(), found.get().get(3));
      } else {
        change(job, known.get(), now.get());
      }
      return Optional.empty(); // the stored version is read again and found equal
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

  private static void requireExpected(
      Job job, @Nullable ReadJob known, boolean there, int expected, int tries) {
    if (expected == UNLESS_DIFFERENT && there) {
      throw new JobConflictException(job + ": is defined differently, in version "
          + (known == null ? 0 : known.job().defVersion()));
    }
    if (expected >= 0 && (!there || known == null || known.job().defVersion() != expected)) {
      throw new JobConflictException(job + ": "
          + (there && known != null
              ? "is in version " + known.job().defVersion()
              : "is not defined")
          + " (expected: version " + expected + ")"
          + (tries > 0 ? "; another change came first" : ""));
    }
  }

  private static void requireSlots(Job job, long now) {
    job.schedule().ifPresent(schedule -> {
      if (schedule.next(Instant.ofEpochMilli(now)).isEmpty()) {
        throw new IllegalArgumentException(
            job + ": its schedule has no slot after now, it would never fire");
      }
    });
  }

  private void create(Job job, long now, Found partition) throws InterruptedException {
    String name = job.name();
    ZkPath folder = paths.partition(name);
    if (!partition.exists()) {
      calls.ensure(List.of(paths.jobs(), folder));
      return;
    }
    DefRecord def = new DefRecord(
        JobRecord.of(job), List.of(new EraRecord(now, JobRecord.of(job).schedule())), false);
    calls.commit(List.of(
        new WriteOp.Make(paths.job(name), NO_DATA, false),
        new WriteOp.Make(paths.def(name), Records.DEF.encode(def), false),
        new WriteOp.Make(
            paths.state(name), Records.STATE.encode(StateRecord.startingAt(now)), false),
        new WriteOp.Make(paths.ctl(name), Records.CONTROL.encode(ControlRecord.NONE), false),
        new WriteOp.Make(paths.manual(name), NO_DATA, false),
        new WriteOp.Make(paths.exec(name), NO_DATA, false),
        ChangeNotification.change(folder, name, partition)));
  }

  private void change(Job job, ReadJob known, long now) throws InterruptedException {
    DefRecord before = known.job().def();
    List<EraRecord> eras = new ArrayList<>(before.eras());
    boolean same = !before.deleted()
        && Objects.equals(before.job().schedule(), JobRecord.of(job).schedule());
    if (!same) {
      eras.add(new EraRecord(now, JobRecord.of(job).schedule()));
    }
    calls.commit(replacing(new DefRecord(JobRecord.of(job), newest(eras), false), known));
  }

  boolean delete(String job) throws InterruptedException {
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
                  replacing(new DefRecord(before.job(), newest(eras), true), known.get()),
                  AuditedChange.of("job.delete", job))
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
