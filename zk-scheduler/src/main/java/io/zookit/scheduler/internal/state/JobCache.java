package io.zookit.scheduler.internal.state;

import io.zookit.core.ZkException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.DefRecord;
import io.zookit.scheduler.internal.records.Records.PartitionRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.rules.ScheduleTimeline;
import io.zookit.scheduler.internal.zk.SessionTree;
import io.zookit.scheduler.internal.zk.SessionTree.Found;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
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

  /** Receives the jobs that were read. */
  public interface Listener {

    /** The job was read just now; it may be new or changed. */
    void onRead(CachedJob entry, boolean changed);

    /** The job is not there any more. */
    void onGone(String name);

    /** The job cannot be understood; its state may be known all the same, and then was read just now. */
    void onLeftAlone(CachedJob entry, boolean stateKnown);
  }

  private final NodeContext context;
  private final Listener listener;
  private final Map<String, CachedJob> entries = new HashMap<>();
  private final Map<String, Set<String>> after = new HashMap<>();
  private final Map<String, Long> counts = new HashMap<>();
  private final Set<String> followed = new LinkedHashSet<>();
  private final Set<String> wanted = new LinkedHashSet<>();
  private boolean gathering;
  private long incarnation;

  public JobCache(NodeContext context, Listener listener) {
    this.context = context;
    this.listener = listener;
  }

  /** All jobs but those that are left alone. */
  public Collection<CachedJob> entries() {
    return entries.values().stream().filter(entry -> !entry.alone).toList();
  }

  @Nullable
  public CachedJob entry(String name) {
    return entries.get(name);
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
    entries.values().forEach(entry -> entry.invalidate(true));
    followIncarnation();
    tree.follow(context.paths.jobs(), () -> ifCurrent(tree, () -> listPartitions(tree)));
    listPartitions(tree);
  }

  /** After an operator has said that restored data are right, what was read of the others says nothing of their age. */
  private void followIncarnation() {
    long now = context.settings.incarnation();
    if (now > incarnation) {
      if (incarnation > 0) {
        log.info("incarnation {}: the jobs are taken as they are now", now);
        entries.values().forEach(CachedJob::forgetVersions);
      }
      incarnation = now;
    }
  }

  public void onLost() {
    entries.values().forEach(entry -> entry.invalidate(true));
  }

  public void onReconnected(SessionTree tree) {
    counts.clear();
    entries.values().forEach(entry -> entry.invalidate(false));
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
                tree.follow(
                    context.paths.jobs().own(partition),
                    () -> ifCurrent(tree, () -> readPartition(tree, partition)));
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
      boolean changed = update(name, found);
      CachedJob entry = entries.get(name);
      if (entry != null) {
        complete(tree, entry, changed, found);
      }
    } catch (ZkException | IllegalArgumentException | DateTimeException e) {
      leaveAlone(name, e, found.get(2).version());
    }
  }

  /** Nothing is decided for the job until it can be read; a run of it that is on here has its end. */
  private void leaveAlone(String name, RuntimeException reason, int stateVersion) {
    log.warn("job {} is left alone: {}", name, reason.getMessage());
    CachedJob entry = entries.get(name);
    if (entry != null) {
      unlink(entry);
      entry.alone = true;
      listener.onLeftAlone(entry, entry.stateVersion >= stateVersion);
    }
  }

  private void remove(String name) {
    CachedJob gone = entries.remove(name);
    if (gone != null) {
      unlink(gone);
      listener.onGone(name);
    }
  }

  /** Takes what was read; whether definition or control are new. */
  private boolean update(String name, List<Found> found) {
    CachedJob entry = entries.get(name);
    StateRecord state = Records.read(Records.STATE, found.get(2).data(), context.paths.state(name));
    if (entry == null) {
      add(name, found, state);
      return true;
    }
    entry.take(state, found.get(2).version());
    boolean changed = entry.alone;
    if (found.get(0).version() > entry.defVersion) {
      DefRecord def = Records.read(Records.DEF, found.get(0).data(), context.paths.def(name));
      unlink(entry);
      entry.def = def;
      link(entry);
      entry.defVersion = found.get(0).version();
      entry.timeline = new ScheduleTimeline(entry.def);
      entry.definedSince = context.clock.now();
      changed = true;
    }
    if (found.get(1).version() > entry.controlVersion) {
      entry.control = Records.read(Records.CONTROL, found.get(1).data(), context.paths.ctl(name));
      entry.controlVersion = found.get(1).version();
      changed = true;
    }
    if (entry.alone) {
      entry.alone = false;
      link(entry);
    }
    return changed;
  }

  private void add(String name, List<Found> found, StateRecord state) {
    CachedJob entry = new CachedJob(
        name,
        Records.read(Records.DEF, found.get(0).data(), context.paths.def(name)),
        found.get(0).version(),
        Records.read(Records.CONTROL, found.get(1).data(), context.paths.ctl(name)),
        state);
    entry.controlVersion = found.get(1).version();
    entry.stateVersion = found.get(2).version();
    entries.put(name, entry);
    link(entry);
  }

  private void link(CachedJob entry) {
    String first = entry.job().after();
    if (first != null) {
      after.computeIfAbsent(first, any -> new TreeSet<>()).add(entry.name);
    }
  }

  private void unlink(CachedJob entry) {
    String first = entry.job().after();
    if (first != null) {
      after.getOrDefault(first, new TreeSet<>()).remove(entry.name);
    }
  }

  /** Reads what is only there at times: triggers, and the run nodes of jobs whose runs overlap. */
  private void complete(SessionTree tree, CachedJob entry, boolean changed, List<Found> found) {
    entry.lastRead = context.clock.now();
    entry.runNodes.clear();
    entry.state.open().forEach(claim -> entry.runNodes.put(claim.id(), found.get(3)));
    if (found.get(4).children() == 0 && found.get(4).exists()) {
      entry.triggers = List.of();
      readOverlapping(tree, entry, changed);
      return;
    }
    long connection = context.connection;
    tree.list(
        context.paths.manual(entry.name),
        listed -> ifConnected(connection, () -> {
          if (listed.isOk()) {
            readTriggers(tree, entry, changed, listed.get());
          } else {
            context.later(RETRY_MILLIS, () -> want(entry.name));
          }
        }));
  }

  private void readTriggers(SessionTree tree, CachedJob entry, boolean changed, List<String> ids) {
    if (ids.isEmpty()) {
      entry.triggers = List.of();
      readOverlapping(tree, entry, changed);
      return;
    }
    long connection = context.connection;
    tree.read(
        ids.stream().map(context.paths.manual(entry.name)::own).toList(),
        read -> ifConnected(connection, () -> {
          if (read.isOk()) {
            try {
              entry.triggers = CachedJob.Trigger.read(ids, read.get());
            } catch (ZkException e) {
              leaveAlone(entry.name, e, entry.stateVersion);
              return;
            }
            readOverlapping(tree, entry, changed);
          } else {
            context.later(RETRY_MILLIS, () -> want(entry.name));
          }
        }));
  }

  private void readOverlapping(SessionTree tree, CachedJob entry, boolean changed) {
    List<ClaimRecord> open = entry.state.open().stream()
        .filter(
            claim -> !context.paths.run(entry.job(), claim).equals(context.paths.run(entry.name)))
        .toList();
    if (open.isEmpty()) {
      listener.onRead(entry, changed);
      return;
    }
    List<ZkPath> paths =
        open.stream().map(claim -> context.paths.run(entry.job(), claim)).toList();
    long connection = context.connection;
    tree.read(
        paths,
        read -> ifConnected(connection, () -> {
          if (read.isOk()) {
            for (int i = 0; i < open.size(); i++) {
              entry.runNodes.put(open.get(i).id(), read.get().get(i));
            }
            listener.onRead(entry, changed);
          } else {
            context.later(RETRY_MILLIS, () -> want(entry.name));
          }
        }));
  }
}
