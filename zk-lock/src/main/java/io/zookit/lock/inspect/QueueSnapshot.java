package io.zookit.lock.inspect;

import io.zookit.core.FencingToken;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.store.LockState;
import io.zookit.lock.internal.store.OwnerRecord;
import io.zookit.lock.internal.store.QueueEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.data.Stat;

/**
 * The queue of a lock as an outsider has read it. Determines its holders by the rules that requests apply.
 *
 * @param nodes of the queue, in order
 * @param maximum of a semaphore; empty for other locks, or if it cannot be read
 */
record QueueSnapshot(String lock, List<SeenNode> nodes, Optional<SeenMaximum> maximum) {

  private static final RecordCodec<LockState> STATES = RecordCodec.of(LockState.class, 1);

  /** A request, and the owner that its record names. */
  record SeenNode(QueueEntry entry, Stat stat, Optional<OwnerRecord> owner) {

    static SeenNode of(QueueEntry entry, SessionHandle.Node read) {
      return new SeenNode(entry, read.stat(), OwnerRecord.read(read.data()));
    }

    /** Tells if readers may hold the lock at the same time. */
    boolean shares() {
      boolean downgraded =
          owner.map(known -> Boolean.TRUE.equals(known.downgraded())).orElse(false);
      return entry.mode() == QueueEntry.SHARED
          || (entry.mode() == QueueEntry.EXCLUSIVE && downgraded);
    }

    /** Tells if it was certainly granted after a wait. */
    boolean isGranted() {
      return entry.isPermit()
          && owner.map(known -> Boolean.TRUE.equals(known.granted())).orElse(false);
    }
  }

  /**
   * The maximum of a semaphore.
   *
   * @param zxid the transaction that set it
   */
  record SeenMaximum(int permits, long zxid) {

    static Optional<SeenMaximum> of(SessionHandle.Node read) {
      return STATES.decode(read.data()) instanceof Decoded.Value<LockState> state
          ? Optional.ofNullable(state.value().maximum())
              .map(permits -> new SeenMaximum(permits, read.stat().getMzxid()))
          : Optional.empty();
    }
  }

  /** Tells if there is nothing to report. */
  boolean isEmpty() {
    return nodes.isEmpty() && maximum.isEmpty();
  }

  LockReport report(long incarnation) {
    Roles roles = new Roles();
    List<LockReport.Entry> entries = new ArrayList<>();
    for (SeenNode node : nodes) {
      entries.add(entry(node, roles.next(node), incarnation));
    }
    int last = nodes.isEmpty() ? 0 : nodes.get(nodes.size() - 1).entry.sequence();
    return new LockReport(
        lock,
        entries,
        maximum.map(known -> permits(known.permits, entries)),
        Math.max(0, (long) QueueEntry.SEQUENCE_LIMIT - last));
  }

  private static LockReport.Permits permits(int maximum, List<LockReport.Entry> entries) {
    return new LockReport.Permits(
        maximum, count(entries, LockReport.Role.HOLDER), count(entries, LockReport.Role.UNCLEAR));
  }

  private static long count(List<LockReport.Entry> entries, LockReport.Role role) {
    return entries.stream()
        .filter(entry -> entry.role() == role)
        .mapToLong(LockReport.Entry::permits)
        .sum();
  }

  private static LockReport.Entry entry(SeenNode node, LockReport.Role role, long incarnation) {
    return new LockReport.Entry(
        node.entry.node(),
        mode(node.entry),
        node.entry.isNumbered() ? 1 : node.entry.weight(),
        role,
        node.owner.map(QueueSnapshot::owner),
        Instant.ofEpochMilli(node.stat.getCtime()),
        new FencingToken(incarnation, node.stat.getCzxid(), 0),
        node.owner.map(OwnerRecord::revoke));
  }

  private static LockReport.Owner owner(OwnerRecord record) {
    Optional<String> party =
        Optional.ofNullable(record.party()).or(() -> Optional.ofNullable(record.label()));
    return new LockReport.Owner(record.owner(), record.pid(), party);
  }

  private static LockReport.Mode mode(QueueEntry entry) {
    return switch (entry.mode()) {
      case QueueEntry.EXCLUSIVE -> LockReport.Mode.EXCLUSIVE;
      case QueueEntry.SHARED -> LockReport.Mode.SHARED;
      case QueueEntry.PERMITS -> LockReport.Mode.PERMITS;
      case QueueEntry.NUMBERED, QueueEntry.ANY_NUMBER -> LockReport.Mode.NUMBERED;
      default -> LockReport.Mode.UNKNOWN;
    };
  }

  /** Goes through the queue once. */
  private final class Roles {
    private int granted = (int) nodes.stream().filter(SeenNode::isGranted).count();
    private boolean first = true;
    private boolean allShare = true;
    private boolean allPermits = true;
    private final BitSet numbers = new BitSet();
    private long taken;

    LockReport.Role next(SeenNode node) {
      LockReport.Role role = node.entry.isPermit()
          ? permitRole(node)
          : node.entry.isNumbered() ? numberRole(node.entry) : plainRole(node);
      first = false;
      allShare &= node.shares();
      allPermits &= node.entry.isPermit();
      granted -= node.isGranted() ? 1 : 0;
      return role;
    }

    /** The first request for a number has it; the others are about to choose another one. */
    private LockReport.Role numberRole(QueueEntry entry) {
      boolean holds = entry.mode() == QueueEntry.NUMBERED && !numbers.get(entry.number());
      if (holds) {
        numbers.set(entry.number());
      }
      return holds ? LockReport.Role.HOLDER : LockReport.Role.WAITER;
    }

    private LockReport.Role plainRole(SeenNode node) {
      if (first || (allShare && node.entry.mode() == QueueEntry.SHARED)) {
        return LockReport.Role.HOLDER;
      }
      return node.entry.isPlain() ? LockReport.Role.WAITER : LockReport.Role.UNCLEAR;
    }

    /**
     * Permits are granted strictly in order, so all requests ahead of a holder are holders. A request that was granted
     * without waiting, before the maximum shrank, cannot be distinguished from one that waits since then.
     */
    private LockReport.Role permitRole(SeenNode node) {
      if (!allPermits) {
        return LockReport.Role.WAITER;
      }
      if (maximum.isEmpty()) {
        return LockReport.Role.UNCLEAR;
      }
      taken += node.entry.weight();
      if (taken <= maximum.get().permits || granted > 0) {
        return LockReport.Role.HOLDER;
      }
      boolean older = node.stat.getCzxid() < maximum.get().zxid;
      if (first && older) {
        return LockReport.Role.HOLDER; // no request was ever ahead of it
      }
      return older ? LockReport.Role.UNCLEAR : LockReport.Role.WAITER;
    }
  }
}
