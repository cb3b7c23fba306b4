package io.zookit.registry.internal.provider;

import io.zookit.core.Subscription;
import io.zookit.core.internal.lane.Timeouts;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.node.OwnedNode;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.registry.health.HealthOptions;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.store.NodeRef;
import io.zookit.registry.internal.store.ServicePaths;
import io.zookit.registry.internal.store.StoredHeartbeat;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Writes the heartbeats of one instance, into a node separate from its own and outside every watched folder. Confined
 * to the loop.
 *
 * <p>All instances under a root together write at most {@value #MOST_PER_SECOND} beats a second: the number of nodes is
 * estimated every {@value #ROUNDS_PER_ESTIMATE} beats, and the period is stretched accordingly. If it would be longer
 * than half the session timeout no beats are written, because the end of the session would be noticed first.
 */
public final class HeartbeatWriter implements OwnedNode.Listener {

  static final int MOST_PER_SECOND = 200;
  private static final int ROUNDS_PER_ESTIMATE = 12;

  private final RegistryRuntime runtime;
  private final ServicePaths place;
  private final HealthOptions health;
  private final LoadReporter load;
  private @Nullable OwnedNode node;
  private @Nullable NodeRef beating;
  private @Nullable Subscription next;
  private long count;
  private long estimate = 1;
  private boolean estimating;

  HeartbeatWriter(RegistryRuntime runtime, ServicePaths place, HealthOptions health, String who) {
    this.runtime = runtime;
    this.place = place;
    this.health = health;
    this.load = new LoadReporter(runtime, health, who);
  }

  /** The instance has this node now. */
  void onOwned(NodeRef ref) {
    if (!ref.equals(beating)) {
      releaseNode();
      beating = ref;
      beat();
    }
  }

  void stop() {
    beating = null;
    releaseNode();
    endNext();
  }

  /** Returns the time between two beats; empty if none are to be written. */
  static Optional<Duration> period(Duration wanted, long beats, Duration session) {
    Duration least = Duration.ofMillis(1000 * beats / MOST_PER_SECOND);
    Duration period = wanted.compareTo(least) >= 0 ? wanted : least;
    return period.compareTo(session.dividedBy(2)) > 0 ? Optional.empty() : Optional.of(period);
  }

  private void beat() {
    NodeRef ref = beating;
    if (ref == null) {
      return;
    }
    SessionHandle handle = runtime.connected().orElse(null);
    if (handle == null) {
      nextAfter(health.heartbeat());
      return;
    }
    if (count % ROUNDS_PER_ESTIMATE == 0) {
      estimate(handle, ref);
    }
    Optional<Duration> period = period(health.heartbeat(), estimate, handle.timeout());
    nextAfter(period.orElse(handle.timeout()));
    count++;
    period.ifPresentOrElse(each -> load.query(() -> write(ref, each)), this::releaseNode);
  }

  /** There is one at most: in a new session the one of the session before is not waited for. */
  private void nextAfter(Duration wanted) {
    endNext();
    long millis = Timeouts.millis(wanted);
    long jittered = millis - millis / 20 + ThreadLocalRandom.current().nextLong(1 + millis / 10);
    next = runtime.later(Duration.ofMillis(jittered), this::beat);
  }

  private void endNext() {
    if (next != null) {
      next.close();
      next = null;
    }
  }

  private void write(NodeRef ref, Duration period) {
    if (!ref.equals(beating)) {
      return; // it has another node by now, or none
    }
    byte[] data = new StoredHeartbeat(load.last(), period.toMillis(), count).encode();
    if (node == null) {
      Folders folders = place.beatFolders(ref.bucket());
      node = runtime.nodes().own(folders, ignored -> place.beat(ref), data, this);
    } else {
      node.update(data);
    }
  }

  /** As many in every bucket of every service as in the own one. */
  private void estimate(SessionHandle handle, NodeRef ref) {
    if (estimating) {
      return;
    }
    estimating = true;
    handle.exists(
        ServicePaths.beats(runtime.client()),
        null,
        services -> handle.exists(place.beatBucket(ref.bucket()), null, bucket -> {
          estimating = false;
          if (services.isOk() && bucket.isOk()) {
            estimate = Math.max(
                1, (long) services.get().getNumChildren() * bucket.get().getNumChildren());
          }
        }));
  }

  private void releaseNode() {
    if (node != null) {
      node.close();
      node = null;
    }
  }

  @Override
  public void onOwned(ZkPath path, Stat stat) {}

  @Override
  public void onMissing(String reason) {}

  @Override
  public void onRetry(Code code) {}
}
