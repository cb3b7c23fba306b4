package io.zookit.config.internal.follow;

import io.zookit.config.ConfigSnapshot;
import io.zookit.config.ConfigStore.Participant;
import io.zookit.config.Namespace;
import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.LiveCell;
import io.zookit.core.internal.lane.SerialLane;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link Participant} of a store: calls it on a lane of its own, and knows what it has accepted and what it has committed.
 *
 * <p><i>Threads:</i> the loop, but for the calls.
 */
final class ParticipantBinding {

  private static final Logger log = LoggerFactory.getLogger(ParticipantBinding.class);

  private final CoreClient client;
  private final Participant participant;
  private final Map<Namespace, LiveCell<ConfigSnapshot>> handles = new LinkedHashMap<>();
  private final SerialLane lane;
  private final Duration deadline;
  private final Runnable onLate;
  private Map<Namespace, ConfigSnapshot> committed = Map.of();
  private @Nullable Map<Namespace, ConfigSnapshot> accepted;
  private @Nullable Map<Namespace, ConfigSnapshot> rejected;
  private long generation;
  private volatile boolean closed;

  /**
   * Creates a binding.
   *
   * @param handles creates the handle that keeps a namespace followed
   * @param onLate runs on the loop when the participant returns after its deadline
   */
  ParticipantBinding(
      CoreClient client,
      Set<Namespace> namespaces,
      Participant participant,
      Function<Namespace, LiveCell<ConfigSnapshot>> handles,
      Runnable onLate) {
    this.client = client;
    this.participant = participant;
    this.lane = client.lane("config participant");
    this.deadline = participant.deadline();
    this.onLate = onLate;
    namespaces.forEach(ns -> this.handles.put(ns, handles.apply(ns)));
  }

  Map<Namespace, LiveCell<ConfigSnapshot>> handles() {
    return handles;
  }

  Set<Namespace> namespaces() {
    return handles.keySet();
  }

  /** Begins no further call, and ends the handles. From any thread. */
  void close() {
    closed = true;
    handles.values().forEach(LiveCell::close);
  }

  /**
   * Returns all namespaces as they would be together; empty if one of them is not known yet, or there is none.
   *
   * @param candidates what would change
   * @param isAbsent tells if a namespace is known not to exist
   */
  Optional<Map<Namespace, ConfigSnapshot>> together(
      Map<Namespace, ConfigSnapshot> candidates, Predicate<Namespace> isAbsent) {
    Map<Namespace, ConfigSnapshot> all = new LinkedHashMap<>();
    for (Map.Entry<Namespace, LiveCell<ConfigSnapshot>> each : handles.entrySet()) {
      Namespace ns = each.getKey();
      ConfigSnapshot candidate = candidates.get(ns);
      Optional<ConfigSnapshot> known =
          candidate == null ? each.getValue().latest() : Optional.of(candidate);
      known.ifPresent(snapshot -> all.put(ns, snapshot));
      if (known.isEmpty() && !isAbsent.test(ns)) {
        return Optional.empty();
      }
    }
    return all.isEmpty() ? Optional.empty() : Optional.of(all);
  }

  /** Tells if a set of snapshots is neither committed, nor accepted or rejected in this batch. */
  boolean isNew(Map<Namespace, ConfigSnapshot> all) {
    return !closed
        && !isSame(all, committed)
        && (accepted == null || !isSame(all, accepted))
        && (rejected == null || !isSame(all, rejected));
  }

  /** Forgets what was accepted and not committed: a batch begins. */
  void reset() {
    accepted = null;
    rejected = null;
  }

  void toAccepted(Map<Namespace, ConfigSnapshot> all) {
    accepted = all;
  }

  void toRejected(Map<Namespace, ConfigSnapshot> all) {
    accepted = null;
    rejected = all;
  }

  /** Commits what is in force, if it is what was accepted. */
  void commit(Map<Namespace, ConfigSnapshot> all) {
    Map<Namespace, ConfigSnapshot> ready = accepted;
    reset();
    if (closed || ready == null || !isSame(all, ready)) {
      return;
    }
    committed = ready;
    Participant.Generation next = new Participant.Generation(++generation, ready);
    lane.execute(() -> {
      if (closed) {
        return;
      }
      try {
        participant.commit(next);
      } catch (Throwable e) { // whose message may quote a value
        log.error(
            "config {}: a participant failed with {} to commit generation {}",
            namespaces(),
            e.getClass().getName(),
            next.number());
        log.debug("config {}: a participant failed to commit", namespaces(), e);
      }
    });
  }

  /**
   * Has the participant prepare, within its deadline.
   *
   * @param reply receives the reasons of a rejection on the loop, none if it accepted; exactly once
   */
  void prepare(Map<Namespace, ConfigSnapshot> all, Consumer<List<String>> reply) {
    AtomicBoolean over = new AtomicBoolean();
    Subscription timer = client
        .timekeeper()
        .after(
            deadline,
            () -> end(over, reply, List.of("a participant did not answer within " + deadline)));
    lane.execute(() -> {
      if (over.get()) {
        return;
      }
      List<String> reasons = closed ? List.of() : call(all);
      timer.close();
      if (!end(over, reply, reasons)) {
        client.loop().execute(onLate);
      }
    });
  }

  private boolean end(AtomicBoolean over, Consumer<List<String>> reply, List<String> reasons) {
    boolean first = over.compareAndSet(false, true);
    if (first) {
      client.loop().execute(() -> reply.accept(reasons));
    }
    return first;
  }

  private List<String> call(Map<Namespace, ConfigSnapshot> all) {
    try {
      Participant.Preparation outcome = participant.prepare(Map.copyOf(all));
      return outcome instanceof Participant.Rejected rejected ? rejected.reasons() : List.of();
    } catch (Throwable e) { // whose message may quote a value
      log.debug("config {}: a participant failed to prepare", namespaces(), e);
      return List.of("a participant failed with " + e.getClass().getName());
    }
  }

  private static boolean isSame(
      Map<Namespace, ConfigSnapshot> some, Map<Namespace, ConfigSnapshot> others) {
    return some.keySet().equals(others.keySet())
        && some.entrySet().stream().allMatch(each -> {
          ConfigSnapshot other = others.get(each.getKey());
          return other != null && isSame(each.getValue(), other);
        });
  }

  /** Compares what a participant works with: a head may have another revision and change nothing. */
  private static boolean isSame(ConfigSnapshot one, ConfigSnapshot other) {
    return one.release() == other.release()
        && one.isDeleted() == other.isDeleted()
        && one.source().equals(other.source())
        && one.values().equals(other.values());
  }
}
