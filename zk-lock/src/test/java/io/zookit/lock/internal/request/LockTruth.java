package io.zookit.lock.internal.request;

import io.zookit.core.FencingToken;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.lock.internal.store.LockState;
import io.zookit.lock.internal.store.OwnerRecord;
import io.zookit.testkit.internal.sim.SimulatedEnsemble;
import io.zookit.testkit.internal.sim.SimulatedTree;
import io.zookit.testkit.internal.sim.TreeChange;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Owners of locks according to the leader, computed apart from the engine from every change that the leader decides.
 *
 * <p>A node is <i>ripe</i> from the first moment at which nothing conflicts with it: for permits, all ahead and its own
 * fit under the maximum of that moment. A grant is right when its nodes are of the session that got it and ripe, or when
 * all that conflict are exclusive, of the same session, and closed by their users: then whatever the session does with the
 * granted node must come behind the deletes of those. Only what an operator breaks is noticed late.
 */
final class LockTruth implements SimulatedEnsemble.Journal {

  private static final String QUEUES = "/zk/locks/";
  private static final String STATES = "/zk/locks-state/";
  private static final long ONE_ROUND_TRIP = 20 * VirtualTime.MILLI;
  private static final long TWO_ROUND_TRIPS = 60 * VirtualTime.MILLI;
  private static final long FIRST_SECONDS = 2 * VirtualTime.SECOND;
  private static final RecordCodec<LockState> STATE = RecordCodec.of(LockState.class, 1);

  /** The claim of a request on one lock. */
  record Want(String lock, char mode, int weight) {}

  /** A node in a queue. */
  static final class Entry {
    final String lock;
    final String path;
    final char mode;
    final int weight;
    final long sequence;
    final long session;
    final long czxid;
    boolean downgraded;
    boolean ripe;
    boolean gone;
    boolean broken;
    boolean granted;
    long createdAt;
    long goneAt;

    /** The token of its last owner. */
    @Nullable
    FencingToken token;

    /** Set when its last owner closes the lease, by the user's own record. */
    boolean resigned;

    long resignedAt;

    /** Set when a fault refuses to delete it. */
    boolean refused;

    long refusedAt;

    /** Set when it was granted before the nodes ahead, of the same session, were deleted. */
    boolean succeeded;

    long grantedAt;

    Entry(String lock, String path, long session, long czxid) {
      String name = SimulatedTree.nameOf(path);
      int mark = name.indexOf('_');
      int end = name.length() - 10;
      this.lock = lock;
      this.path = path;
      this.mode = name.charAt(0);
      this.weight = mark < 0 ? 1 : Integer.parseInt(name.substring(mark + 1, end - 1), 36);
      this.sequence = Long.parseLong(name.substring(end));
      this.session = session;
      this.czxid = czxid;
    }

    /** The name that no other request has. */
    String request() {
      String name = SimulatedTree.nameOf(path);
      return name.substring(0, name.length() - 11);
    }

    @Override
    public String toString() {
      return path + (ripe ? " ripe" : "") + (gone ? " gone" : "") + " of "
          + Long.toHexString(session);
    }
  }

  private final Consumer<String> findings;
  private final Consumer<Entry> ownDeletes;
  private final Map<String, Entry> live = new LinkedHashMap<>();
  private final Map<Long, List<Entry>> made = new HashMap<>();
  private final Map<String, Integer> maxima = new HashMap<>();
  private final Map<String, byte[]> cells = new HashMap<>();
  private final Map<String, FencingToken> greatestAlone = new HashMap<>();
  private final Map<String, FencingToken> greatest = new HashMap<>();
  private final Set<Long> brokenSessions = new HashSet<>();
  private final LongSupplier nanos;
  private final boolean calm;
  private long grants;

  /**
   * Nothing has happened.
   *
   * @param nanos the time
   * @param calm whether nothing goes wrong but that an operator removes nodes
   * @param ownDeletes receives the nodes that their own session deletes
   */
  LockTruth(
      Consumer<String> findings, Consumer<Entry> ownDeletes, LongSupplier nanos, boolean calm) {
    this.nanos = nanos;
    this.calm = calm;
    this.findings = findings;
    this.ownDeletes = ownDeletes;
  }

  long grants() {
    return grants;
  }

  @Override
  public void decided(List<TreeChange> changes, long zxid, long session) {
    for (TreeChange change :
        changes) { // those of one session that ends come in the order they were made
      String lock = lockOf(change.path());
      if (lock != null) {
        learn(lock, change, zxid, session);
        ripen(lock);
      } else if (change.path().startsWith(STATES)) {
        String name = change.path().substring(STATES.length());
        if (change instanceof TreeChange.NewNode create) {
          learnState(name, create.data());
        } else if (change instanceof TreeChange.NewData set) {
          learnState(name, set.data());
        }
        ripen(name);
      }
    }
  }

  private static @Nullable String lockOf(String path) {
    int mark = path.indexOf("/~q/");
    return path.startsWith(QUEUES) && mark > 0 ? path.substring(QUEUES.length(), mark) : null;
  }

  private void learn(String lock, TreeChange change, long zxid, long session) {
    if (change instanceof TreeChange.NewNode create) {
      Entry entry = new Entry(lock, create.path(), create.owner(), zxid);
      live.values().stream()
          .filter(other -> other.lock.equals(lock) && other.request().equals(entry.request()))
          .forEach(other -> findings.accept("one request has two nodes: " + other + ", " + entry));
      entry.createdAt = nanos.getAsLong();
      live.put(create.path(), entry);
      made.computeIfAbsent(zxid, missing -> new ArrayList<>()).add(entry);
    } else if (change instanceof TreeChange.RemovedNode delete) {
      Entry entry = live.remove(delete.path());
      if (entry != null) {
        requireBehindDeletes(entry, session);
        entry.gone = true;
        entry.goneAt = nanos.getAsLong();
        entry.broken = session == SimulatedEnsemble.OPERATOR;
        if (entry.broken) {
          brokenSessions.add(entry.session);
        }
        if (delete.owner() == session) {
          ownDeletes.accept(entry);
        }
      }
    } else if (change instanceof TreeChange.NewData set) {
      Entry entry = live.get(set.path());
      if (entry != null) {
        requireBehindDeletes(entry, session);
        entry.downgraded = OwnerRecord.isDowngraded(set.data());
      }
    }
  }

  /**
   * Requires that a session uses a granted node only after it has deleted those ahead, unless a fault has refused that, or
   * an operator has removed a node of the session, which makes it repeat a delete.
   */
  private void requireBehindDeletes(Entry entry, long session) {
    if (entry.granted
        && !entry.ripe
        && session == entry.session
        && !brokenSessions.contains(session)) {
      for (Entry other : queue(entry.lock)) {
        require(
            other.sequence >= entry.sequence || other.refused,
            "used before the one ahead was deleted: ",
            entry,
            other);
      }
    }
  }

  private void learnState(String name, byte[] data) {
    if (STATE.decode(data) instanceof Decoded.Value<LockState> state) {
      if (state.value().maximum() != null) {
        maxima.put(name, state.value().maximum());
      }
      state.value().cellValue().ifPresent(value -> cells.put(name, value));
    }
  }

  /** The state of a lock that its owners have written; no bytes if none has. */
  byte[] cell(String lock) {
    return cells.getOrDefault(lock, new byte[0]);
  }

  private void ripen(String lock) {
    List<Entry> queue = queue(lock);
    for (int i = 0; i < queue.size(); i++) {
      Entry entry = queue.get(i);
      entry.ripe |= isFree(entry, queue.subList(0, i));
    }
  }

  private boolean isFree(Entry entry, List<Entry> ahead) {
    return switch (entry.mode) {
      case 'x' -> ahead.isEmpty();
      case 'r' -> ahead.stream().allMatch(other -> other.mode == 'r' || other.downgraded);
      default -> {
        int taken = ahead.stream().mapToInt(other -> other.weight).sum();
        yield taken + entry.weight <= maxima.getOrDefault(entry.lock, 0);
      }
    };
  }

  /** The nodes of a lock in order. */
  List<Entry> queue(String lock) {
    return live.values().stream()
        .filter(entry -> entry.lock.equals(lock))
        .sorted(Comparator.comparingLong(entry -> entry.sequence))
        .toList();
  }

  /** A fault refuses to delete a node. */
  void refused(String path) {
    Entry entry = live.get(path);
    if (entry != null) {
      entry.refused = true;
      entry.refusedAt = nanos.getAsLong();
    }
  }

  /** The user of a node has closed its lease. */
  void resigned(Entry entry) {
    entry.resigned = true;
    entry.resignedAt = nanos.getAsLong();
  }

  /** All nodes in queues. */
  List<Entry> live() {
    return new ArrayList<>(live.values());
  }

  /**
   * A client has granted a request.
   *
   * @param session the session it has
   * @param strict whether its node must still exist: no session was ended before its time
   */
  List<Entry> granted(List<Want> wants, FencingToken token, long session, boolean strict) {
    grants++;
    List<Entry> entries = made.getOrDefault(token.zxid(), List.of());
    List<Want> found = new ArrayList<>();
    boolean succeeding = entries.stream()
        .anyMatch(entry -> (!entry.ripe && isSucceeding(entry)) || followsARemovedNode(entry));
    for (Entry entry : entries) {
      found.add(new Want(entry.lock, entry.mode, entry.weight));
      require(entry.session == session, "granted on a node of another session: ", entry, session);
      require(
          entry.ripe || entry.broken || isSucceeding(entry),
          "granted before its turn: ",
          entry,
          queue(entry.lock));
      require(
          !calm
              || !entry.broken
              || nanos.getAsLong() - entry.goneAt < TWO_ROUND_TRIPS
              || succeeding, // the check of its nodes is on its way
          "granted though an operator has removed it: ",
          entry,
          queue(entry.lock));
      require(
          !calm
              || entry.ripe
              || entry.granted // and is handed on
              || wants.size() > 1
              || !isBehindARefusal(entry),
          "granted behind a node whose delete was refused: ",
          entry,
          queue(entry.lock));
      entry.granted = true;
      entry.token = token;
      entry.resigned = false;
      entry.succeeded = succeeding;
      entry.grantedAt = nanos.getAsLong();
      require(!strict || !entry.gone, "granted on a node that is gone: ", entry, token);
      if (!entry.gone) {
        inOrder(entry, token);
      }
    }
    require(
        found.size() == wants.size() && found.containsAll(wants),
        "granted something else: ",
        found,
        wants);
    return entries;
  }

  /** Returns whether all conflicting nodes ahead are exclusive, of the same session, and closed by their users. */
  private boolean isSucceeding(Entry entry) {
    return entry.mode == 'x'
        && queue(entry.lock).stream()
            .filter(other -> other.sequence < entry.sequence)
            .allMatch(
                other -> other.mode == 'x' && other.session == entry.session && other.resigned);
  }

  /** Returns whether the session has just closed the lease of a node ahead that an operator had removed before. */
  private boolean followsARemovedNode(Entry entry) {
    return entry.mode == 'x'
        && made.values().stream()
            .flatMap(List::stream)
            .anyMatch(other -> other.broken
                && other.resigned
                && other.lock.equals(entry.lock)
                && other.session == entry.session
                && other.sequence < entry.sequence
                && nanos.getAsLong() - other.resignedAt < ONE_ROUND_TRIP);
  }

  /** Returns whether a node ahead still exists although its session knows that it could not be deleted. */
  private boolean isBehindARefusal(Entry entry) {
    return queue(entry.lock).stream()
        .anyMatch(other -> other.sequence < entry.sequence
            && other.refused
            && nanos.getAsLong() - other.refusedAt > ONE_ROUND_TRIP);
  }

  /**
   * Returns until when a lease on a node may be valid, if nothing goes wrong but that an operator removes nodes: two round
   * trips after the grant if it was removed before and follows a node of the same session. Any other node is watched from
   * its second second on at the latest.
   */
  static long mostValid(Entry entry) {
    return TWO_ROUND_TRIPS
        + (entry.succeeded && entry.goneAt < entry.grantedAt
            ? entry.grantedAt
            : Math.max(entry.goneAt, entry.createdAt + FIRST_SECONDS));
  }

  private void inOrder(Entry entry, FencingToken token) {
    boolean alone = entry.mode == 'x';
    Map<String, FencingToken> before = alone ? greatest : greatestAlone;
    FencingToken last = before.get(entry.lock);
    if (entry.mode != 'p' && last != null) {
      require(token.isAfter(last), "the token went back: ", token, last);
    }
    greatest.merge(entry.lock, token, (a, b) -> a.isAfter(b) ? a : b);
    if (alone) {
      greatestAlone.merge(entry.lock, token, (a, b) -> a.isAfter(b) ? a : b);
    }
  }

  private void require(boolean right, String wrong, Object what, Object beside) {
    if (!right) {
      findings.accept(wrong + what + " beside " + beside);
    }
  }

  private static boolean excludes(Entry entry) {
    return entry.mode == 'x' && !entry.downgraded;
  }

  /** Returns whether two holds of one lock exclude each other. */
  static boolean conflict(Entry one, Entry other) {
    return one.lock.equals(other.lock) && one.mode != 'p' && (excludes(one) || excludes(other));
  }
}
