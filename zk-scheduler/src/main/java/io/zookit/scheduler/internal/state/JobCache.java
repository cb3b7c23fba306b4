package io.zookit.scheduler.internal.state;

import io.zookit.core.ZkException;
import io.zookit.core.internal.codec.UnreadableDataException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ControlRecord;
import io.zookit.scheduler.internal.records.Records.DefRecord;
import io.zookit.scheduler.internal.records.Records.PartitionRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.rules.ScheduleTimeline;
import io.zookit.scheduler.internal.state.CachedJob.ObservedNodes;
import io.zookit.scheduler.internal.state.CachedJob.Trigger;
import io.zookit.scheduler.internal.state.JobEvent.NodeChanged;
import io.zookit.scheduler.internal.state.JobEvent.NodeGone;
import io.zookit.scheduler.internal.state.JobEvent.NodeUnreadable;
import io.zookit.scheduler.internal.zk.SessionTree;
import io.zookit.scheduler.internal.zk.SessionTree.Found;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs as this node knows them.
 *
 * <p>A client that changes a definition or a control, or requests a run, adds the job's name to the data of its
 * partition in the same commit; that data is watched, with one watch per partition. States and runs change with every
 * slot and are not watched: they are read when a slot is due. Concurrent reads share a request. Confined to the loop.
 */
public final class JobCache {

  private static final Logger log = LoggerFactory.getLogger(JobCache.class);
  private static final int TOGETHER = 60;
  private static final int NODES_PER_JOB = 5;
  private static final long GATHER_MILLIS = 4;
  private static final long RETRY_MILLIS = 300;

  private final NodeContext context;
  private final Consumer<JobEvent> events;
  private final Map<String, CachedJob> entries = new HashMap<>();
  private final Map<String, Set<String>> after = new HashMap<>();
  private final Map<String, Long> counts = new HashMap<>();
  private final Set<String> followed = new LinkedHashSet<>();
  private final Set<String> wanted = new LinkedHashSet<>();
  private boolean gathering;
  private long incarnation;

  /**
   * Creates an empty cache.
   *
   * @param events receives what is found about jobs
   */
  public JobCache(NodeContext context, Consumer<JobEvent> events) {
    this.context = context;
    this.events = events;
  }

  /** All jobs but those that cannot be read. */
  public List<CachedJob> jobs() {
    return entries.values().stream().filter(CachedJob::readable).toList();
  }

  /** Returns what is known of a job; null if it is unknown. */
  public @Nullable CachedJob find(String name) {
    return entries.get(name);
  }

  /** Replaces what is known of a job, if it is known; returns what is known now. */
  public @Nullable CachedJob update(String name, UnaryOperator<CachedJob> change) {
    return entries.computeIfPresent(name, (any, known) -> change.apply(known));
  }

  /** The jobs that are triggered by the end of another. */
  public List<CachedJob> after(String job) {
    return after.getOrDefault(job, Set.of()).stream()
        .map(name -> Objects.requireNonNull(entries.get(name)))
        .toList();
  }

  public void onSession(SessionTree tree) {
    counts.clear();
    followed.clear();
    onLost();
    followIncarnation();
    context.follow(tree, context.paths.jobs(), () -> listPartitions(tree));
    listPartitions(tree);
  }

  /** After an operator has said that restored data are right, what was read of the others says nothing of their age. */
  private void followIncarnation() {
    long now = context.settings.incarnation();
    if (now > incarnation) {
      if (incarnation > 0) {
        log.info("incarnation {}: the jobs are taken as they are now", now);
        entries.replaceAll((name, job) -> job.withStored(job.stored().withoutVersions()));
      }
      incarnation = now;
    }
  }

  public void onLost() {
    entries.replaceAll((name, job) -> job.toNewSession());
  }

  public void onReconnected(SessionTree tree) {
    counts.clear();
    entries.replaceAll((name, job) -> job.toReconnected());
    tree.sync();
    listPartitions(tree);
    List.copyOf(followed).forEach(partition -> readPartition(tree, partition));
  }

  /** Reads a job soon, together with others. */
  public void want(String name) {
    wanted.add(name);
    if (!gathering) {
      gathering = true;
      context.later(GATHER_MILLIS, this::readWanted);
    }
  }

  private void readWanted() {
    gathering = false;
    SessionTree tree = context.tree;
    if (tree == null || !tree.isConnected()) {
      wanted.clear();
      return;
    }
    List<String> names = new ArrayList<>(wanted);
    wanted.clear();
    for (int i = 0; i < names.size(); i += TOGETHER) {
      readJobs(tree, List.copyOf(names.subList(i, Math.min(names.size(), i + TOGETHER))));
    }
  }

  private void ifCurrent(SessionTree tree, Runnable task) {
    if (context.isCurrent(tree)) {
      task.run();
    }
  }

  /** Goes on with a read unless the connection broke since it began; all jobs are read again then. */
  private void ifConnected(long connection, Runnable task) {
    if (connection == context.connection && context.isConnected()) {
      task.run();
    }
  }

  private void listPartitions(SessionTree tree) {
    tree.list(
        context.paths.jobs(),
        listed -> ifCurrent(tree, () -> {
          if (listed.isOk()) {
            for (String partition : listed.get()) {
              if (JobPaths.isPartition(partition) && followed.add(partition)) {
                context.follow(
                    tree,
                    context.paths.jobs().own(partition),
                    () -> readPartition(tree, partition));
                readPartition(tree, partition);
              }
            }
          } else if (listed.code() == org.apache.zookeeper.KeeperException.Code.NONODE) {
            tree.ensure(List.of(context.paths.jobs()), made -> {});
          }
        }));
  }

  private void readPartition(SessionTree tree, String partition) {
    ZkPath path = context.paths.jobs().own(partition);
    tree.read(
        List.of(path),
        read -> ifCurrent(tree, () -> {
          if (read.isOk() && read.get().get(0).exists()) {
            onPartition(tree, partition, read.get().get(0));
          } else if (!read.isOk() && read.isAnswered()) {
            context.later(
                RETRY_MILLIS, () -> ifCurrent(tree, () -> readPartition(tree, partition)));
          }
        }));
  }

  private void onPartition(SessionTree tree, String partition, Found found) {
    PartitionRecord record;
    try {
      record = PartitionRecord.read(found.data());
    } catch (ZkException e) {
      log.warn(
          "{} cannot be read, its jobs are only looked at when they are due: {}",
          partition,
          e.getMessage());
      counts.remove(partition);
      return;
    }
    Long known = counts.put(partition, record.count());
    if (known != null && record.count() - known <= record.recent().size()) {
      int changes = (int) Math.max(0, record.count() - known);
      int size = record.recent().size();
      record.recent().subList(size - changes, size).forEach(this::want);
      return;
    }
    listJobs(tree, partition);
  }

  private void listJobs(SessionTree tree, String partition) {
    tree.list(
        context.paths.jobs().own(partition),
        listed -> ifCurrent(tree, () -> {
          if (listed.isOk()) {
            listed.get().forEach(this::want);
          } else if (listed.isAnswered()) {
            counts.remove(partition);
            context.later(
                RETRY_MILLIS, () -> ifCurrent(tree, () -> readPartition(tree, partition)));
          }
        }));
  }

  private void readJobs(SessionTree tree, List<String> names) {
    long connection = context.connection;
    List<ZkPath> paths = new ArrayList<>();
    JobPaths at = context.paths;
    for (String name : names) {
      paths.addAll(
          List.of(at.def(name), at.ctl(name), at.state(name), at.run(name), at.manual(name)));
    }
    tree.read(
        paths,
        read -> ifConnected(connection, () -> {
          if (read.isOk()) {
            for (int i = 0; i < names.size(); i++) {
              int from = i * NODES_PER_JOB;
              adopt(tree, names.get(i), read.get().subList(from, from + NODES_PER_JOB));
            }
          } else if (read.isAnswered()) {
            log.warn("{} jobs cannot be read ({}), trying again", names.size(), read.code());
            context.later(RETRY_MILLIS, () -> names.forEach(this::want));
          }
        }));
  }

  private void adopt(SessionTree tree, String name, List<Found> found) {
    if (!found.get(0).exists() || !found.get(1).exists() || !found.get(2).exists()) {
      remove(name);
      return;
    }
    try {
      boolean redefined = take(name, found);
      complete(tree, name, redefined, found);
    } catch (ZkException | IllegalArgumentException | DateTimeException e) {
      leaveAlone(name, e, found.get(2).version());
    }
  }

  /** Nothing is decided for the job until it can be read; a run of it that is on here has its end. */
  private void leaveAlone(String name, RuntimeException reason, int stateVersion) {
    log.warn("job {} is left alone: {}", name, reason.getMessage());
    CachedJob job = entries.get(name);
    if (job != null) {
      replace(name, job.withReadable(false));
      events.accept(new NodeUnreadable(name, job.stateVersion() >= stateVersion));
    }
  }

  private void remove(String name) {
    CachedJob gone = entries.remove(name);
    if (gone != null) {
      unlink(gone);
      events.accept(new NodeGone(name));
    }
  }

  /** Takes what was read of a job; whether its definition or its control is new. */
  private boolean take(String name, List<Found> found) {
    CachedJob known = entries.get(name);
    StateRecord state = Records.read(Records.STATE, found.get(2).data(), context.paths.state(name));
    if (known == null) {
      DefRecord def = readDef(name, found.get(0));
      replace(
          name,
          CachedJob.of(new JobSnapshot(
              def,
              found.get(0).version(),
              new ScheduleTimeline(def),
              readControl(name, found.get(1)),
              found.get(1).version(),
              state,
              found.get(2).version())));
      return true;
    }
    CachedJob job = known.withState(state, found.get(2).version());
    entries.put(name, job); // it is known also if the rest cannot be read
    boolean redefined = !job.readable();
    JobSnapshot stored = job.stored();
    if (found.get(0).version() > stored.defVersion()) {
      stored = stored.withDef(readDef(name, found.get(0)), found.get(0).version());
      job = job.withDefinedSince(context.clock.now());
      redefined = true;
    }
    if (found.get(1).version() > stored.controlVersion()) {
      stored = stored.withControl(readControl(name, found.get(1)), found.get(1).version());
      redefined = true;
    }
    replace(name, job.withStored(stored).withReadable(true));
    return redefined;
  }

  private DefRecord readDef(String name, Found found) {
    DefRecord def = Records.read(Records.DEF, found.data(), context.paths.def(name));
    if (!def.job().name().equals(name)) {
      throw new UnreadableDataException(
          context.paths.def(name) + ": is the definition of job " + def.job().name());
    }
    return def;
  }

  private ControlRecord readControl(String name, Found found) {
    return Records.read(Records.CONTROL, found.data(), context.paths.ctl(name));
  }

  /** Replaces a job, and keeps {@link #after} in step. */
  private void replace(String name, CachedJob next) {
    CachedJob before = entries.put(name, next);
    if (before != null) {
      unlink(before);
    }
    String first = next.job().after();
    if (first != null && next.readable()) {
      after.computeIfAbsent(first, any -> new TreeSet<>()).add(name);
    }
  }

  private void unlink(CachedJob job) {
    String first = job.job().after();
    if (first != null) {
      after.getOrDefault(first, new TreeSet<>()).remove(job.name());
    }
  }

  /** Reads what is only there at times: triggers, and the run nodes of jobs whose runs overlap. */
  private void complete(SessionTree tree, String name, boolean redefined, List<Found> found) {
    Map<String, Found> runNodes = new HashMap<>();
    long now = context.clock.now();
    CachedJob job = update(name, known -> {
      known.state().open().forEach(claim -> runNodes.put(claim.id(), found.get(3)));
      return known.withReading(new ObservedNodes(known.reading().triggers(), runNodes, now));
    });
    if (job == null) {
      return;
    }
    if (found.get(4).children() == 0 && found.get(4).exists()) {
      withTriggers(tree, name, redefined, List.of());
      return;
    }
    long connection = context.connection;
    tree.list(
        context.paths.manual(name),
        listed -> ifConnected(connection, () -> {
          if (listed.isOk()) {
            readTriggers(tree, name, redefined, listed.get());
          } else {
            context.later(RETRY_MILLIS, () -> want(name));
          }
        }));
  }

  private void readTriggers(SessionTree tree, String name, boolean redefined, List<String> ids) {
    if (ids.isEmpty()) {
      withTriggers(tree, name, redefined, List.of());
      return;
    }
    long connection = context.connection;
    tree.read(
        ids.stream().map(context.paths.manual(name)::own).toList(),
        read -> ifConnected(connection, () -> {
          if (read.isOk()) {
            onTriggers(tree, name, redefined, ids, read.get());
          } else {
            context.later(RETRY_MILLIS, () -> want(name));
          }
        }));
  }

  private void onTriggers(
      SessionTree tree, String name, boolean redefined, List<String> ids, List<Found> read) {
    List<Trigger> triggers;
    try {
      triggers = Trigger.read(ids, read);
    } catch (ZkException e) {
      leaveAlone(name, e, Integer.MIN_VALUE);
      return;
    }
    withTriggers(tree, name, redefined, triggers);
  }

  private void withTriggers(
      SessionTree tree, String name, boolean redefined, List<Trigger> triggers) {
    CachedJob job = update(name, known -> known.withTriggers(triggers));
    if (job != null) {
      readOverlapping(tree, job, redefined);
    }
  }

  private void readOverlapping(SessionTree tree, CachedJob job, boolean redefined) {
    String name = job.name();
    List<ClaimRecord> open = job.state().open().stream()
        .filter(claim -> !context.paths.run(job.job(), claim).equals(context.paths.run(name)))
        .toList();
    if (open.isEmpty()) {
      events.accept(new NodeChanged(name, redefined));
      return;
    }
    List<ZkPath> paths =
        open.stream().map(claim -> context.paths.run(job.job(), claim)).toList();
    long connection = context.connection;
    tree.read(
        paths,
        read -> ifConnected(connection, () -> {
          if (read.isOk()) {
            Map<String, Found> nodes = new HashMap<>();
            for (int i = 0; i < open.size(); i++) {
              nodes.put(open.get(i).id(), read.get().get(i));
            }
            update(name, known -> known.withRunNodes(nodes));
            events.accept(new NodeChanged(name, redefined));
          } else {
            context.later(RETRY_MILLIS, () -> want(name));
          }
        }));
  }
}
