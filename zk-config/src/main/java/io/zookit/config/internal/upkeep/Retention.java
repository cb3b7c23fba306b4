package io.zookit.config.internal.upkeep;

import io.zookit.config.Change;
import io.zookit.config.History;
import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.config.internal.draft.ZkDrafts;
import io.zookit.config.internal.head.HeadChange;
import io.zookit.config.internal.head.HeadTransactions;
import io.zookit.config.internal.head.HeadUpdate;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.Manifest;
import io.zookit.config.internal.model.StoredHead;
import io.zookit.config.internal.model.StoredRelease;
import io.zookit.config.internal.zk.ConfigPaths;
import io.zookit.config.internal.zk.StoredConfigReader;
import io.zookit.core.internal.lane.Timeouts;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.zookeeper.Op;

/**
 * Removes releases that are not needed: not among the newest, not young, not in force, pinned, voted on or
 * acknowledged.
 *
 * <p>The removal is a change of the head like any other, so it fails if a client began to use a release meanwhile, and
 * its audit entry keeps number and hash of what it removed, so the chain of hashes can still be verified.
 */
final class Retention {

  private static final int AT_ONCE = 200;

  private final StoredConfigReader reader;
  private final HeadTransactions transitions;
  private final Supplier<Instant> clock;

  Retention(StoredConfigReader reader, HeadTransactions transitions, Supplier<Instant> clock) {
    this.reader = reader;
    this.transitions = transitions;
    this.clock = clock;
  }

  /** The releases that would be removed now, at most as many as fit into one transaction. */
  List<Integer> removable(Namespace ns) throws InterruptedException {
    return List.copyOf(choose(ns, reader.present(ns).head()).keySet());
  }

  List<Integer> collect(Namespace ns, Change change) throws InterruptedException {
    return transitions.run(change, publishId -> {
      StoredHead stored = reader.present(ns);
      NavigableMap<Integer, StoredRelease> chosen = choose(ns, stored.head());
      if (chosen.isEmpty()) {
        return HeadTransactions.ChangePlan.nothing(List.of());
      }
      Map<String, String> removed = new TreeMap<>();
      List<Op> ops = new ArrayList<>();
      chosen.forEach((number, release) -> {
        removed.put(Integer.toString(number), release.hash());
        ops.add(Op.delete(reader.paths().release(ns, number).value(), -1));
      });
      HeadChange move = HeadChange.of(
              ns, stored, HeadUpdate.of(stored.head()), History.Action.COLLECT)
          .with(ops)
          .removing(removed);
      return HeadTransactions.ChangePlan.of(move, List.copyOf(chosen.keySet()));
    });
  }

  private NavigableMap<Integer, StoredRelease> choose(Namespace ns, Head head)
      throws InterruptedException {
    Policy policy = reader.policy(ns).policy();
    TreeMap<Integer, StoredRelease> all = new TreeMap<>();
    for (String name : reader.calls().children(reader.paths().releases(ns))) {
      int number = ConfigPaths.number(name).orElse(0);
      Optional<StoredRelease> stored = number == 0 ? Optional.empty() : reader.release(ns, number);
      stored.ifPresent(release -> all.put(number, release));
    }
    Set<Integer> needed = needed(ns, head);
    long bytes =
        all.values().stream().mapToLong(release -> release.manifest().stored()).sum();
    Instant young = Timeouts.before(clock.get(), policy.keepYoungerThan());
    TreeMap<Integer, StoredRelease> chosen = new TreeMap<>();
    for (Map.Entry<Integer, StoredRelease> each : all.entrySet()) {
      Manifest manifest = each.getValue().manifest();
      boolean newest = all.tailMap(each.getKey(), true).size() <= policy.keepNewest();
      boolean kept = newest || manifest.at().isAfter(young);
      boolean overBudget = bytes > policy.keepBytes();
      if (!needed.contains(each.getKey()) && (!kept || overBudget) && chosen.size() < AT_ONCE) {
        chosen.put(each.getKey(), each.getValue());
        bytes -= manifest.stored();
      }
    }
    return chosen;
  }

  /** The releases that something refers to. */
  private Set<Integer> needed(Namespace ns, Head head) throws InterruptedException {
    Set<Integer> needed = new HashSet<>(head.pins());
    needed.add(head.lastRelease());
    needed.add(head.stableNumber());
    if (head.candidate() != null) {
      needed.add(head.candidate().release().release());
    }
    for (Map<String, String> gray : head.grays()) {
      // Also of a rule that this version does not understand.
      String number = gray.getOrDefault("release", "0");
      needed.add(number.matches("\\d{1,9}") ? Integer.parseInt(number) : 0);
    }
    for (InstanceReleaseStatus ack : reader.acks(ns)) {
      needed.add(ack.release());
    }
    for (String name : reader.calls().children(reader.paths().drafts(ns))) {
      ZkPath path = reader.paths().drafts(ns).own(name);
      Optional<SessionHandle.Node> draft = reader.calls().read(path);
      draft.ifPresent(node -> needed.add(ZkDrafts.baseOf(node.data())));
    }
    return needed;
  }
}
