package io.zookit.group.internal.member;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.request.Scope;
import io.zookit.group.Handover;
import io.zookit.group.internal.member.OwnedPartition.Phase;
import io.zookit.group.internal.member.OwnedPartition.StandingClaim;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands partitions over: each is released when its handler has returned and the listeners of the revocation have run, or when
 * the time of the handover is over.
 *
 * <p><i>Threads:</i> on the loop.
 */
final class Handovers {

  private static final Logger log = LoggerFactory.getLogger(Handovers.class);

  /** The time after which a handover without a limit is reported. */
  static final Duration LONG_HANDOVER = Duration.ofSeconds(10);

  private final Handover handover;
  private final Executor callbacks;
  private final Scope scope;
  private final CoreClient client;
  private final PendingReleases releases;

  Handovers(
      Handover handover,
      Executor callbacks,
      Scope scope,
      CoreClient client,
      PendingReleases releases) {
    this.handover = handover;
    this.callbacks = callbacks;
    this.scope = scope;
    this.client = client;
    this.releases = releases;
  }

  /** Hands a partition over. */
  void drain(OwnedPartition partition) {
    boolean limited = handover.limit().isPresent();
    long now = client.timekeeper().nanos();
    Long deadline = handover.limit().map(limit -> now + limit.toNanos()).orElse(null);
    partition.toDraining(deadline, now);
    client.meters().count("zookit.group.handovers", 1);
    boolean listens = partition.revoke(
        callbacks,
        () -> client.loop().execute(() -> {
          partition.listened = true;
          releaseIfDone(partition);
        }));
    partition.listened = !listens;
    if (!listens && limited) {
      partition.interrupt();
    }
    handover.limit().ifPresent(limit -> scope.after(limit, () -> expire(partition)));
    if (!limited) {
      scope.after(LONG_HANDOVER, () -> reportStuck(partition));
    }
    releaseIfDone(partition);
  }

  private static void reportStuck(OwnedPartition partition) {
    if (partition.phase() == Phase.DRAINING) {
      log.warn(
          "{}: its handler has not returned for {}; it keeps the partition",
          partition,
          LONG_HANDOVER);
    }
  }

  /** The handler of a partition has returned. */
  void onReturned(OwnedPartition partition) {
    releaseIfDone(partition);
  }

  private void releaseIfDone(OwnedPartition partition) {
    if (partition.phase() == Phase.DRAINING && partition.running == null && partition.listened) {
      release(partition, partition.claim());
    }
  }

  /** The time is over: invalid first, then interrupted, then released. */
  private void expire(OwnedPartition partition) {
    if (partition.phase() == Phase.DRAINING) {
      log.warn("{}: its handler has not returned within the handover", partition);
      partition.toReleasing(partition.claim());
      partition.interrupt();
      releases.add(partition);
    }
  }

  /** Releases a claim that stands. */
  void release(OwnedPartition partition, StandingClaim claim) {
    partition.toReleasing(claim);
    releases.add(partition);
  }
}
