package io.zookit.group.internal.member;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.request.Scope;
import io.zookit.group.internal.member.OwnedPartition.Phase;
import io.zookit.group.internal.store.MemberRecord;
import io.zookit.group.internal.store.MemberRecord.PartitionRefusal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handlers of a member's partitions. One that throws is called again after a pause; after the third time the partition is
 * refused for five minutes, so that other members are tried. A partition whose claim has ended is refused while its handler has
 * not returned.
 *
 * <p><i>Threads:</i> on the loop.
 */
final class PartitionHandlers {

  private static final Logger log = LoggerFactory.getLogger(PartitionHandlers.class);
  private static final Backoff RESTARTS =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));
  private static final int FAILURES_TO_REFUSE = 3;
  private static final Duration REFUSAL = Duration.ofMinutes(5);

  /** Receives what becomes of handlers, on the loop. */
  interface Listener {

    /** The handler of a partition that is not, or no longer, owned has returned. */
    void onReturned(OwnedPartition partition);

    /** The refusals have changed. */
    void onRefusals();
  }

  private final CoreClient client;
  private final Scope scope;
  private final HandlerRunner runner;
  private final Listener listener;
  private final Map<Integer, Instant> refused = new TreeMap<>();

  PartitionHandlers(CoreClient client, Scope scope, HandlerRunner runner, Listener listener) {
    this.client = client;
    this.scope = scope;
    this.runner = runner;
    this.listener = listener;
  }

  /** Calls the handler of a partition that is owned, if it is due and the claim is verified. */
  void run(OwnedPartition partition) {
    if (partition.running == null
        && partition.due
        && partition.phase() == Phase.OWNED
        && partition.isValid()) {
      partition.due = false;
      partition.failed = false;
      partition.running = runner.start(
          partition, failure -> client.loop().execute(() -> onReturned(partition, failure)));
    }
  }

  private void onReturned(OwnedPartition partition, Optional<Throwable> failure) {
    partition.running = null;
    if (partition.phase() != Phase.OWNED) {
      listener.onReturned(partition);
    } else if (failure.isPresent()) {
      onFailed(partition, failure.get());
    }
  }

  private void onFailed(OwnedPartition partition, Throwable failure) {
    client.meters().count("zookit.group.handler.failures", 1);
    partition.failed = true;
    partition.failures++;
    Duration pause = RESTARTS.delay(partition.failures - 1, client.random());
    log.warn("{}: its handler failed; it is called again in {}", partition, pause, failure);
    if (partition.failures == FAILURES_TO_REFUSE) {
      refuse(partition.index());
    }
    scope.after(pause, () -> {
      partition.due = true;
      run(partition);
    });
  }

  private void refuse(int partition) {
    refused.put(partition, refusedUntil(client.timekeeper().now()));
    listener.onRefusals();
    scope.after(REFUSAL, () -> {
      refused.remove(partition);
      listener.onRefusals();
    });
  }

  /** In whole seconds, so that the most refusals fit into a record. */
  private static Instant refusedUntil(Instant from) {
    return from.plus(REFUSAL).truncatedTo(ChronoUnit.SECONDS);
  }

  /** Tells if a partition is refused because its handler has failed. */
  boolean refuses(int partition) {
    return refused.containsKey(partition);
  }

  /** The partitions that are not claimed now, of all that exist here. */
  List<PartitionRefusal> refusals(Collection<OwnedPartition> partitions) {
    List<PartitionRefusal> all = new ArrayList<>();
    for (OwnedPartition partition : partitions) {
      if (partition.isUnreturned()) {
        all.add(new PartitionRefusal(partition.index(), refusedUntil(partition.ended())));
      }
    }
    refused.forEach((index, until) -> {
      if (all.stream().noneMatch(refusal -> refusal.partition() == index)) {
        all.add(new PartitionRefusal(index, until));
      }
    });
    return all.subList(0, Math.min(all.size(), MemberRecord.MOST_REFUSALS));
  }
}
