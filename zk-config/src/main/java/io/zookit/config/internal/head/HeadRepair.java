package io.zookit.config.internal.head;

import com.google.common.collect.Lists;
import io.zookit.config.ConfigNotFoundException;
import io.zookit.config.ConfigRefusedException;
import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.config.format.DocumentLimits;
import io.zookit.config.internal.model.AuditRecord;
import io.zookit.config.internal.model.Digests;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.StoredHead;
import io.zookit.config.internal.model.StoredRelease;
import io.zookit.config.internal.zk.StoredConfigReader;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Re-creates the head of a namespace from the other nodes: the history says which release is stable, which are pinned
 * and whether the namespace is deleted, the policy has layers and limits, the releases have the numbers.
 *
 * <p>What only the head knew is lost: open gray releases and votes end, as if they were abandoned. The head begins a
 * new epoch, which clients take whatever they have seen.
 */
final class HeadRepair {

  private static final int MOST_TOGETHER = 128;

  /**
   * A proposal for the repair of a head.
   *
   * @param from the head as it would be, before its new epoch, with the version of the damaged one
   * @param inForce the head that the history says was in force; without a stable release if another one was chosen
   */
  record RepairedHead(StoredHead from, Head inForce) {}

  private final Namespace ns;
  private final StoredConfigReader reader;
  private final Supplier<Instant> clock;

  /** State that the history leads to; changed entry by entry. */
  private final NavigableSet<Integer> pins = new TreeSet<>();

  private int stable;
  private long stableAt;
  private long epochAt;
  private long epoch;
  private int last;
  private boolean deleted;
  private boolean purged;
  private String by = "";
  private String message = "";

  HeadRepair(Namespace ns, StoredConfigReader reader, Supplier<Instant> clock) {
    this.ns = ns;
    this.reader = reader;
    this.clock = clock;
  }

  /**
   * Reads the other nodes of the namespace.
   *
   * @param chosen the stable release, where the history does not say it
   */
  RepairedHead proposal(OptionalInt chosen) throws InterruptedException {
    chosen.ifPresent(HeadRepair::requireNumber);
    Optional<SessionHandle.Node> node = reader.calls().read(reader.paths().head(ns));
    node.ifPresent(this::requireDamaged);
    int revision = reader.greatest(reader.paths().audits(ns));
    last = reader.greatest(reader.paths().releases(ns));
    if (node.isEmpty() && revision == 0 && last == 0) {
      throw new ConfigNotFoundException(ns, "the namespace");
    }
    follow(revision);
    int number = chosen.isPresent() ? chosen.getAsInt() : stableOfTheHistory();
    int version = node.map(found -> found.stat().getVersion()).orElse(StoredHead.ABSENT);
    Head head = head(revision, number);
    boolean asBefore = number == stable && !isStableDoubtful();
    return new RepairedHead(new StoredHead(head, version), asBefore ? head : head.withoutStable());
  }

  private static void requireNumber(int number) {
    if (number < 1) {
      throw new IllegalArgumentException("stable: " + number + " (expected: 1 or more)");
    }
  }

  private void requireDamaged(SessionHandle.Node node) {
    Decoded<Head> decoded = Head.CODEC.decode(node.data());
    if (decoded instanceof Decoded.Value<Head>) {
      throw new ConfigRefusedException(ns, "the head can be read; there is nothing to repair");
    }
    if (decoded instanceof Decoded.TooNew<Head> later) {
      throw new ConfigRefusedException(
          ns,
          "the head is not damaged, it needs format version " + later.minReader()
              + " or later to be read");
    }
  }

  private void follow(int revision) throws InterruptedException {
    List<ZkPath> paths = IntStream.rangeClosed(1, revision)
        .mapToObj(each -> reader.paths().audit(ns, each))
        .toList();
    for (List<ZkPath> page : Lists.partition(paths, MOST_TOGETHER)) {
      for (Optional<SessionHandle.Node> node : reader.calls().readAll(page)) {
        if (node.isPresent()
            && AuditRecord.CODEC.decode(node.get().data())
                instanceof Decoded.Value<AuditRecord> read) {
          follow(read.value());
        }
      }
    }
  }

  private void follow(AuditRecord entry) {
    Integer release = entry.release();
    int number = release == null ? 0 : release;
    epoch = Math.max(epoch, entry.epoch());
    last = Math.max(last, number);
    by = entry.by();
    message = entry.message();
    switch (entry.action()) {
      case PUBLISH, ROLLBACK, IMPORT, PROMOTE, ACCEPT -> {
        toStable(number, entry.revision());
        deleted = false;
        purged = false;
      }
      case CREATE, RESTORE -> {
        deleted = false;
        purged = false;
      }
      case DELETE -> deleted = true;
      case PURGE -> {
        toStable(0, entry.revision());
        deleted = true;
        purged = true;
      }
      case PIN -> pins.add(number);
      case UNPIN -> pins.remove(number);
      case EPOCH -> {
        if (release == null) {
          epochAt = entry.revision();
        } else {
          toStable(number, entry.revision());
        }
      }
      default -> {} // nothing that a re-created head would have
    }
  }

  private void toStable(int number, long revision) {
    stable = number;
    stableAt = revision;
  }

  /** A restored backup puts an earlier release in force; older histories do not say which. */
  private int stableOfTheHistory() {
    if (isStableDoubtful()) {
      throw new ConfigRefusedException(
          ns,
          "a new epoch began at revision " + epochAt + ", after release " + stable
              + " became stable; a backup may have been restored: name the stable release");
    }
    return stable;
  }

  private boolean isStableDoubtful() {
    return epochAt > stableAt;
  }

  private Head head(int revision, int number) throws InterruptedException {
    boolean gone =
        purged && reader.calls().children(reader.paths().releases(ns)).isEmpty();
    Policy policy = reader.policy(ns).policy();
    return new Head(
        Math.max(epoch, ackedEpoch()),
        revision,
        last,
        state(gone),
        number == 0 ? null : reader.presentRelease(ns, number).manifest().pointer(),
        List.of(),
        null,
        new ArrayList<>(pins),
        policy.layers(),
        null,
        hashOfRelease(),
        hashOfAudit(revision),
        "",
        by,
        clock.get(),
        message,
        null,
        policy.limits().equals(DocumentLimits.standard()) ? null : policy.limits(),
        null);
  }

  private Head.State state(boolean gone) {
    if (gone) {
      return Head.State.PURGED;
    }
    return deleted ? Head.State.DELETED : Head.State.ACTIVE;
  }

  private long ackedEpoch() throws InterruptedException {
    return reader.acks(ns).stream()
        .mapToLong(InstanceReleaseStatus::epoch)
        .max()
        .orElse(0);
  }

  private String hashOfRelease() throws InterruptedException {
    return last == 0 ? "" : reader.release(ns, last).map(StoredRelease::hash).orElse("");
  }

  private String hashOfAudit(int revision) throws InterruptedException {
    if (revision == 0) {
      return "";
    }
    return reader
        .calls()
        .read(reader.paths().audit(ns, revision))
        .map(node -> Digests.sha256(node.data()))
        .orElse("");
  }
}
