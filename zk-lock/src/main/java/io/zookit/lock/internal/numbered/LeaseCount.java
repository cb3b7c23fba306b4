package io.zookit.lock.internal.numbered;

import io.zookit.core.ZkException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.NumberedLeases;
import io.zookit.lock.internal.store.KnownState;
import io.zookit.lock.internal.store.LockState;
import io.zookit.lock.internal.store.LockStateNode;
import io.zookit.lock.internal.store.VersionedState;
import io.zookit.lock.internal.store.VersionedState.ChangeOutcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The count of {@link NumberedLeases}: that of this process, and the one for all processes, which is stored in
 * {@code /<root>/locks-state/<name>}. Used on the loop.
 */
public final class LeaseCount {

  private final CoreClient client;
  private final LockStateNode node;
  private final String name;
  private final int count;

  /** Creates a count that is compared with the stored one, but not sent. */
  public LeaseCount(CoreClient client, String name, int count) {
    this.client = client;
    this.node = new LockStateNode(client, name);
    this.name = name;
    this.count = count;
  }

  /** The count of this process. */
  public int count() {
    return count;
  }

  /** The node with the stored count. */
  ZkPath path() {
    return node.path();
  }

  /**
   * Compares what was read with the count of this process.
   *
   * @return false if no count is stored yet
   * @throws ZkException if the counts differ, or the node belongs to another recipe
   */
  boolean isAgreed(KnownState stored) {
    Integer theirs = stored.state().maximum();
    if (theirs == null) {
      return false;
    }
    if (theirs != count) {
      throw new ZkException("numbered leases " + name + ": " + count + " numbers (expected: "
          + theirs + ", as all processes; raise() raises what is stored)");
    }
    return true;
  }

  /** Stores the count in place of what was read, unless a count was stored since. */
  void store(SessionHandle handle, KnownState read, Consumer<ChangeOutcome> reply) {
    stored(handle).knownAs(read).change(this::first, reply);
  }

  private Optional<LockState> first(LockState present) {
    return present.maximum() == null ? Optional.of(LockState.numbers(count)) : Optional.empty();
  }

  /** Raises what is stored to the count of this process; done when it is stored. */
  public void raise(SessionHandle handle, CompletableFuture<Void> done) {
    stored(handle).change(this::raised, done);
  }

  private Optional<LockState> raised(LockState present) {
    Integer theirs = present.maximum();
    if (theirs != null && theirs > count) {
      throw new ZkException("numbered leases " + name + ": " + count + " numbers (expected: "
          + theirs + " or more, there are never fewer than before)");
    }
    return theirs != null && theirs == count
        ? Optional.empty()
        : Optional.of(LockState.numbers(count));
  }

  private VersionedState stored(SessionHandle handle) {
    return new VersionedState(client, handle, node, LockState.NUMBERS);
  }
}
