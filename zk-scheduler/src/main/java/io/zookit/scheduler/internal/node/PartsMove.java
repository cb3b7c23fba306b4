package io.zookit.scheduler.internal.node;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.Fate;
import io.zookit.scheduler.JobMode;
import io.zookit.scheduler.internal.node.PartsDesk.Ending;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ExecRecord;
import io.zookit.scheduler.internal.records.Records.PartRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.rules.ClaimOrder;
import io.zookit.scheduler.internal.run.FinishDesk;
import io.zookit.scheduler.internal.run.LiveRun.Part;
import io.zookit.scheduler.internal.state.JobEntry;
import io.zookit.scheduler.internal.state.NodeContext;
import io.zookit.scheduler.internal.zk.Tree;
import io.zookit.scheduler.internal.zk.Tree.Change;
import io.zookit.scheduler.internal.zk.Tree.Found;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One node's changes to the parts of a slot in one commit. */
final class PartsMove {

  private final PartsDesk desk;
  private final NodeContext context;
  private final JobEntry entry;
  private final ClaimRecord claim;
  private final ExecRecord exec;
  private final List<Found> found;
  private final List<PartRecord> parts;
  private final List<Change> changes = new ArrayList<>();
  private final Map<Integer, PartRecord> taken = new LinkedHashMap<>();
  private final List<Ending> ended = new ArrayList<>();
  private final List<ZkPath> orphaned = new ArrayList<>();

  PartsMove(PartsDesk desk, JobEntry entry, ClaimRecord claim, ExecRecord exec, List<Found> found) {
    this.desk = desk;
    this.context = desk.context;
    this.entry = entry;
    this.claim = claim;
    this.exec = exec;
    this.found = found;
    this.parts = new ArrayList<>(exec.parts());
  }

  void make() {
    int room = context.settings.capacity() - desk.runs.count();
    for (int i = 0; i < parts.size(); i++) {
      PartRecord part = parts.get(i);
      Part place = new Part(i, parts.size(), exec.members(), false);
      if (part.fate() == null && part.claim() == null) {
        considerOpen(i, part, room > taken.size());
      } else if (part.fate() == null) {
        considerClaimed(i, part, place, room > taken.size());
      } else {
        tellEnded(claim.id() + "/" + i);
      }
    }
    if (orphaned.isEmpty()) {
      commit();
    } else {
      findProgress();
    }
  }

  /** Deletes the progress of parts that will not be run again, together with the verdict on them. */
  private void findProgress() {
    Tree tree = context.tree;
    if (tree == null) {
      return;
    }
    tree.read(orphaned, read -> {
      if (!context.isCurrent(tree) || !read.isOk()) {
        return; // the next look comes
      }
      for (int i = 0; i < orphaned.size(); i++) {
        if (read.get().get(i).exists()) {
          changes.add(new Change.Drop(orphaned.get(i), -1));
        }
      }
      commit();
    });
  }

  /** The answer to the commit of this end was lost, and it was taken. */
  private void tellEnded(String key) {
    Ending ending = desk.endings.remove(key);
    if (ending != null) {
      desk.listener.onPartEnded(entry, ending.run(), null);
    }
  }

  private void considerOpen(int i, PartRecord part, boolean room) {
    long waited = context.clock.now() - claim.at();
    if (part.node() != null) {
      if (part.node().equals(context.nodeName) && room) {
        take(i, part);
      } else if (!context.ranking.nodes().containsKey(part.node())
          && waited > PartsDesk.MEMBER_MILLIS) {
        parts.set(
            i, new PartRecord(part.node(), null, null, 0, Fate.ORPHANED, "the node has gone"));
        touch();
      }
      return;
    }
    int rank = context.ranking.rank(context.nodeName, entry.job(), claim.key() + "/" + i);
    if (rank >= 0 && room && waited >= ClaimOrder.delayMillis(rank, PartsDesk.STEAL_MILLIS)) {
      take(i, part);
    }
  }

  private void considerClaimed(int i, PartRecord part, Part place, boolean room) {
    String key = claim.id() + "/" + i;
    Found node = i + 2 < found.size() ? found.get(i + 2) : Found.ABSENT;
    Ending ending = desk.endings.get(key);
    if (ending != null && ending.run().claim().id().equals(claim.id()) && node.mine()) {
      parts.set(i, ended(part, ending));
      changes.add(new Change.Drop(path(i), -1));
      ended.add(ending);
    } else if (node.exists()) {
      desk.absent.remove(key);
      boolean mine = node.mine() && desk.issued.contains(part.claim());
      if (mine && desk.runs.run(key) == null) {
        desk.listener.onPart(entry, claim, place, part.attempt(), node.zxid());
      }
    } else if (desk.runs.run(key) == null) {
      considerOrphan(i, part, key, room);
    }
  }

  private void considerOrphan(int i, PartRecord part, String key, boolean room) {
    long since = desk.absent.computeIfAbsent(key, any -> context.clock.now());
    int rank = Math.max(0, context.ranking.rank(context.nodeName, entry.job()));
    if (context.clock.now() < since + ClaimOrder.delayMillis(rank, ClaimOrder.MOST_UNIT_MILLIS)) {
      return;
    }
    if (part.node() == null && entry.job().policies().reruns(part.attempt())) {
      if (room && context.ranking.rank(context.nodeName, entry.job()) >= 0) {
        take(i, part);
      }
      return;
    }
    parts.set(
        i,
        new PartRecord(
            part.node(), part.claim(), part.owner(), part.attempt(), Fate.ORPHANED, null));
    byte[] record =
        Records.RUN.encode(new Records.RunNodeRecord(context.settings.label(), claim.id()));
    changes.add(new Change.Make(path(i), record, true));
    changes.add(new Change.Drop(path(i), -1));
    orphaned.add(context.paths.checkpoint(entry.name, claim, i));
  }

  private void take(int i, PartRecord part) {
    String id = desk.claims.newId();
    PartRecord mine =
        new PartRecord(part.node(), id, context.settings.label(), part.attempt() + 1, null, null);
    parts.set(i, mine);
    taken.put(i, mine);
    desk.issued.add(id);
    changes.add(new Change.Make(
        path(i),
        Records.RUN.encode(new Records.RunNodeRecord(context.settings.label(), id)),
        true));
  }

  /** A change of the record alone. */
  private void touch() {
    if (changes.isEmpty()) {
      changes.add(new Change.Check(context.paths.def(entry.name), -1));
    }
  }

  private static PartRecord ended(PartRecord part, Ending ending) {
    return new PartRecord(
        part.node(), part.claim(), part.owner(), part.attempt(), ending.fate(), ending.error());
  }

  private ZkPath path(int i) {
    return context.paths.parts(entry.name, claim).own("run-" + i);
  }

  private void commit() {
    if (changes.isEmpty()) {
      return;
    }
    boolean last = parts.stream().noneMatch(part -> part.fate() == null);
    if (last && entry.busy) {
      return; // another commit on the state is under way or in doubt; the next look comes
    }
    ExecRecord next = new ExecRecord(exec.claim(), parts, exec.members());
    ZkPath path = context.paths.parts(entry.name, claim);
    changes.add(0, new Change.Put(path, Records.EXEC.encode(next), found.get(0).version()));
    for (Ending ending : ended) {
      if (ending.run().hasCheckpoint()) {
        changes.add(new Change.Drop(
            context.paths.checkpoint(entry.name, claim, ending.run().part().index()), -1));
      }
    }
    if (!last) {
      send(null, null);
    } else if (entry.job().mode() == JobMode.SHARDED) {
      complete();
    } else {
      StateRecord state =
          entry.planner().end(entry.state, claim, worst(), missing(), context.clock.now());
      changes.add(new Change.Drop(path, -1));
      changes.add(desk.claims.put(entry, state));
      send(state, null);
    }
  }

  /** The last shard: the run after all shards is claimed in the same commit. */
  private void complete() {
    ClaimRecord completion = claim.toCompletion(
        desk.claims.newId(), context.settings.label(), context.clock.now(), worst());
    StateRecord state = entry.planner().reopen(entry.state, claim, completion);
    byte[] record =
        Records.RUN.encode(new Records.RunNodeRecord(context.settings.label(), completion.id()));
    changes.add(new Change.Make(context.paths.run(entry.name), record, true));
    changes.add(desk.claims.put(entry, state));
    send(state, completion);
  }

  private Fate worst() {
    return parts.stream()
        .map(part -> part.fate() == null ? Fate.FAILED : part.fate())
        .reduce(Fate.RAN, FinishDesk::worse);
  }

  /** Returns the members of a broadcast that did not run it, with the fates of their parts. */
  private @Nullable String missing() {
    List<String> missing = parts.stream()
        .filter(part -> part.fate() != Fate.RAN && part.node() != null)
        .map(part -> part.node() + " " + part.fate())
        .toList();
    return missing.isEmpty() ? null : String.join(", ", missing);
  }

  private void send(@Nullable StateRecord state, @Nullable ClaimRecord completion) {
    Tree tree = context.tree;
    if (completion != null) {
      entry.busy = true;
      entry.unanswered = completion;
    }
    context.commit(changes, answer -> {
      if (tree == null || !context.isCurrent(tree)) {
        return;
      }
      if (!answer.isAnswered()) {
        doubt(state, completion);
        return;
      }
      if (completion != null) {
        entry.busy = false;
        entry.unanswered = null;
      }
      if (!answer.isOk()) {
        context.later(30, () -> desk.look(entry, claim));
        return;
      }
      if (state != null) {
        entry.own = entry.take(state, answer.get().get(changes.size() - 1).version());
      }
      tell(answer.get().get(0).zxid(), state, completion);
    });
  }

  /** The next read of the job shows what became of the commit. */
  private void doubt(@Nullable StateRecord state, @Nullable ClaimRecord completion) {
    entry.inDoubt |= completion != null;
    if (state != null && completion == null) {
      entry.untold = state.outcome(claim.id()).orElse(null);
    }
  }

  private void tell(long zxid, @Nullable StateRecord state, @Nullable ClaimRecord completion) {
    taken.forEach((i, part) -> desk.listener.onPart(
        entry, claim, new Part(i, parts.size(), exec.members(), false), part.attempt(), zxid));
    for (Ending ending : ended) {
      desk.endings.remove(PartsDesk.key(ending.run()));
      desk.listener.onPartEnded(entry, ending.run(), null);
    }
    if (completion != null) {
      desk.listener.onCompletion(entry, completion, zxid);
    } else if (state != null) {
      state
          .outcome(claim.id())
          .ifPresent(
              outcome -> desk.listener.onPartEnded(entry, null, outcome.toRun(entry.name, null)));
    }
  }
}
