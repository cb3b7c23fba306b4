package io.zookit.config.internal.head;

import io.zookit.config.Change;
import io.zookit.config.ConfigRefusedException;
import io.zookit.config.ConfigRejectedException;
import io.zookit.config.ConfigStore;
import io.zookit.config.History;
import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import io.zookit.config.Policy;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.StoredHead;
import io.zookit.config.internal.model.StoredPolicy;
import io.zookit.config.internal.model.StoredRelease;
import io.zookit.config.internal.zk.ConfigNodes;
import io.zookit.config.internal.zk.NamespaceFolders;
import io.zookit.config.internal.zk.StoredConfigReader;
import io.zookit.core.ZkException;
import io.zookit.core.internal.lane.Timeouts;
import io.zookit.core.internal.path.ZkPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.zookeeper.Op;

/** Makes, deletes, restores and purges namespaces, and sets what is not a release: policy, pins, epoch. */
public final class NamespaceAdmin {

  private static final int PURGE_AT_ONCE = 500;
  private static final Duration BETWEEN_PURGES = Duration.ofMillis(50);

  private final StoredConfigReader reader;
  private final ConfigNodes nodes;
  private final HeadTransactions transitions;
  private final Supplier<Instant> clock;

  public NamespaceAdmin(
      StoredConfigReader reader,
      ConfigNodes nodes,
      HeadTransactions transitions,
      Supplier<Instant> clock) {
    this.reader = reader;
    this.nodes = nodes;
    this.transitions = transitions;
    this.clock = clock;
  }

  /** The namespaces of all environments, also those whose head cannot be read; those that are purged are not there. */
  public List<Namespace> list() throws InterruptedException {
    NamespaceFolders folders = new NamespaceFolders(reader);
    List<Namespace> all = folders.all();
    if (folders.isIncomplete()) {
      ConfigStore.Unreadable first = folders.unreadable().get(0);
      throw new ZkException("namespaces: " + first.name() + ": " + first.reason());
    }
    Set<Namespace> found = new TreeSet<>(folders.heads(all).keySet());
    folders.unreadable().forEach(each -> found.add(Namespace.parse(each.name())));
    return List.copyOf(found);
  }

  public ConfigStore.Inventory inventory() throws InterruptedException {
    NamespaceFolders folders = new NamespaceFolders(reader);
    List<NamespaceState> found = new ArrayList<>();
    folders
        .heads(folders.all())
        .forEach((ns, stored) -> found.add(stored.head().toNamespaceState(ns)));
    return new ConfigStore.Inventory(found, folders.unreadable());
  }

  public Optional<NamespaceState> state(Namespace ns) throws InterruptedException {
    StoredHead stored = reader.head(ns);
    return stored.isThere() ? Optional.of(stored.head().toNamespaceState(ns)) : Optional.empty();
  }

  public boolean create(Namespace ns, Change change) throws InterruptedException {
    return transitions.run(change, publishId -> {
      StoredHead stored = reader.head(ns);
      if (stored.isThere()) {
        return HeadTransactions.ChangePlan.nothing(false);
      }
      HeadUpdate edit = HeadUpdate.of(stored.head()).state(Head.State.ACTIVE);
      return plan(ns, stored, edit, History.Action.CREATE);
    });
  }

  public void delete(Namespace ns, Change change) throws InterruptedException {
    transitions.run(change, publishId -> {
      StoredHead stored = reader.present(ns);
      if (stored.head().state() == Head.State.DELETED) {
        return HeadTransactions.ChangePlan.nothing(false);
      }
      HeadUpdate edit = HeadUpdate.of(stored.head()).state(Head.State.DELETED);
      return plan(ns, stored, edit, History.Action.DELETE);
    });
  }

  public void restore(Namespace ns, Change change) throws InterruptedException {
    transitions.run(change, publishId -> {
      StoredHead stored = reader.present(ns);
      if (stored.head().state() == Head.State.ACTIVE) {
        return HeadTransactions.ChangePlan.nothing(false);
      }
      HeadUpdate edit = HeadUpdate.of(stored.head()).state(Head.State.ACTIVE);
      return plan(ns, stored, edit, History.Action.RESTORE);
    });
  }

  /** Removes the releases and drafts of a deleted namespace. Head and history stay: numbers are never given twice. */
  public void purge(Namespace ns, Duration grace, Change change) throws InterruptedException {
    while (removeSome(ns, grace, change)) {
      reader.calls().pause(BETWEEN_PURGES);
    }
  }

  public void pin(Namespace ns, int release, boolean pinned, Change change)
      throws InterruptedException {
    transitions.run(change, publishId -> {
      StoredHead stored = reader.present(ns);
      if (stored.head().pins().contains(release) == pinned) {
        return HeadTransactions.ChangePlan.nothing(false);
      }
      HeadUpdate edit = HeadUpdate.of(stored.head());
      if (pinned) {
        reader.presentRelease(ns, release);
        edit = edit.pin(release);
      } else {
        edit = edit.unpin(release);
      }
      History.Action action = pinned ? History.Action.PIN : History.Action.UNPIN;
      return new HeadTransactions.ChangePlan<>(
          List.of(HeadChange.of(ns, stored, edit, action).about(release)), true);
    });
  }

  /** Sets policy and layers together. */
  public void policy(Namespace ns, Policy policy, Change change) throws InterruptedException {
    for (String layer : policy.layers()) {
      Namespace below = Namespace.parse(layer);
      if (below.equals(ns) || !reader.policy(below).policy().isPublic()) {
        throw new ConfigRefusedException(ns, "layer " + layer + " is not public");
      }
    }
    byte[] data = StoredPolicy.CODEC.encode(policy);
    transitions.run(change, publishId -> {
      StoredHead stored = reader.present(ns);
      StoredPolicy old = reader.policy(ns);
      if (old.version() >= 0 && old.policy().equals(policy)) {
        return HeadTransactions.ChangePlan.nothing(false);
      }
      if (!old.policy().schema().equals(policy.schema())) {
        requireSound(ns, policy);
      }
      ZkPath path = reader.paths().policy(ns);
      Op write = old.version() < 0
          ? nodes.createOp(path, data)
          : Op.setData(path.value(), data, old.version());
      HeadUpdate edit = HeadUpdate.of(stored.head()).policy(policy);
      HeadChange move = HeadChange.of(ns, stored, edit, History.Action.POLICY)
          .with(List.of(write))
          .under(old.policy())
          .setting(policy);
      return new HeadTransactions.ChangePlan<>(List.of(move), true);
    });
  }

  /** A schema that stays is not checked again: a client that changes another rule may lack the validator. */
  private static void requireSound(Namespace ns, Policy policy) {
    List<String> problems = policy.problems();
    if (!problems.isEmpty()) {
      throw new ConfigRejectedException(ns, problems);
    }
  }

  public long raiseEpoch(Namespace ns, long atLeast, Change change) throws InterruptedException {
    return transitions.run(change, publishId -> {
      StoredHead stored = reader.present(ns);
      long acked =
          reader.acks(ns).stream().mapToLong(InstanceReleaseStatus::epoch).max().orElse(0);
      long epoch = Math.max(atLeast, Math.max(acked, stored.head().epoch()) + 1);
      HeadUpdate edit = HeadUpdate.ofNewEpoch(
          stored.head(), epoch, reader.greatest(reader.paths().audits(ns)));
      int last = reader.greatest(reader.paths().releases(ns));
      if (last > stored.head().lastRelease()) {
        StoredRelease newest = reader.presentRelease(ns, last);
        edit = edit.newRelease(newest.manifest(), newest.hash());
      }
      return new HeadTransactions.ChangePlan<>(
          List.of(HeadChange.of(ns, stored, edit, History.Action.EPOCH).aboutStable()), epoch);
    });
  }

  /** The state that a repaired head would have; see {@link HeadRepair}. */
  public NamespaceState repairedHead(Namespace ns, OptionalInt stable) throws InterruptedException {
    return new HeadRepair(ns, reader, clock).proposal(stable).from().head().toNamespaceState(ns);
  }

  public NamespaceState repairHead(Namespace ns, OptionalInt stable, Change change)
      throws InterruptedException {
    transitions.run(change, publishId -> {
      HeadRepair.RepairedHead proposal = new HeadRepair(ns, reader, clock).proposal(stable);
      StoredHead from = proposal.from();
      HeadUpdate edit = HeadUpdate.ofNewEpoch(
          from.head(), from.head().epoch() + 1, from.head().revision());
      HeadChange move = HeadChange.of(ns, from, edit, History.Action.EPOCH)
          .aboutStable()
          .called("with release " + from.head().stableNumber())
          .replacing(proposal.inForce());
      return HeadTransactions.ChangePlan.of(move, true);
    });
    return reader.present(ns).head().toNamespaceState(ns);
  }

  /** One transaction of a purge; false when it was the last. */
  private boolean removeSome(Namespace ns, Duration grace, Change change)
      throws InterruptedException {
    return transitions.run(change, publishId -> {
      StoredHead stored = reader.head(ns);
      if (!stored.isThere()) {
        return HeadTransactions.ChangePlan.nothing(false);
      }
      requirePurgeable(ns, stored.head(), grace);
      List<Op> ops = new ArrayList<>();
      for (ZkPath folder : List.of(
          reader.paths().drafts(ns), reader.paths().requests(ns), reader.paths().releases(ns))) {
        for (String name : reader.calls().children(folder)) {
          if (ops.size() < PURGE_AT_ONCE) {
            ops.add(Op.delete(folder.own(name).value(), -1));
          }
        }
      }
      boolean more = ops.size() == PURGE_AT_ONCE;
      HeadUpdate edit = HeadUpdate.of(stored.head())
          .noStable()
          .withoutGrays()
          .candidate(null)
          .state(more ? Head.State.DELETED : Head.State.PURGED);
      HeadChange move = HeadChange.of(ns, stored, edit, History.Action.PURGE).with(ops);
      return new HeadTransactions.ChangePlan<>(List.of(move), more);
    });
  }

  private void requirePurgeable(Namespace ns, Head head, Duration grace)
      throws InterruptedException {
    if (head.state() != Head.State.DELETED) {
      throw new ConfigRefusedException(ns, "the namespace is not deleted");
    }
    Instant earliest = Timeouts.after(head.at(), grace);
    if (clock.get().isBefore(earliest)) {
      throw new ConfigRefusedException(
          ns, "deleted at " + head.at() + ", to be purged from " + earliest);
    }
    int live = reader.acks(ns).size();
    if (live > 0) {
      throw new ConfigRefusedException(ns, live + " instances still use it");
    }
  }

  private static HeadTransactions.ChangePlan<Boolean> plan(
      Namespace ns, StoredHead stored, HeadUpdate edit, History.Action action) {
    return HeadTransactions.ChangePlan.of(HeadChange.of(ns, stored, edit, action), true);
  }
}
