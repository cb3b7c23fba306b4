package io.zookit.lock.internal.queue;

import io.zookit.core.EphemeralBudgetException;
import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.EphemeralBudget;
import io.zookit.core.internal.node.NodeWatches;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.lease.LockMeters;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.store.QueueEntry;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * Client of the queues of locks: names, listings, watches, writes and deletes of queue nodes in the session in use, and what
 * is known of each queue. All requests of a {@link io.zookit.core.ZkClient} share one. Used on the loop.
 *
 * <p>After a reconnect in the same session it reads once, by {@code sync} and {@code getEphemerals}, all nodes that the
 * session owns, and reports them: each request learns from that what became of its own.
 */
public final class QueueClient {

  private static final int NONCE_LETTERS = 5;
  private static final Duration SHORT_HOLD = Duration.ofSeconds(1);

  /** A create whose answer was lost, of a request that is over: its node must not stay. */
  private record Orphan(SessionHandle handle, ZkPath queue, String prefix) {

    boolean created(ZkPath node) {
      return node.parent().equals(queue) && node.name().startsWith(prefix);
    }
  }

  private final CoreClient client;
  private final LockMeters meters;
  private final BiConsumer<SessionHandle, Set<ZkPath>> onVerified;
  private final String nonce = nonce();
  private final PendingWrites writes = new PendingWrites();
  private final List<Orphan> orphans = new ArrayList<>();
  private final KnownQueues knownQueues = new KnownQueues();
  private final LocalSuccession succession;
  private final DelayedReleases delayedReleases;
  private final BatchedTimer timer;
  private @Nullable NodeWatches watches;
  private @Nullable QueueListings listings;
  private long count;

  /**
   * Creates the queue client of a client, which is connected later.
   *
   * @param succession of the requests
   * @param releases creates the delay of releases
   * @param onVerified receives a session and all the nodes that it owns, after a reconnect
   */
  public QueueClient(
      CoreClient client,
      LockMeters meters,
      LocalSuccession succession,
      BiFunction<CoreClient, KnownQueues, DelayedReleases> releases,
      BiConsumer<SessionHandle, Set<ZkPath>> onVerified) {
    this.client = client;
    this.meters = meters;
    this.onVerified = onVerified;
    this.succession = succession;
    this.delayedReleases = releases.apply(client, knownQueues);
    this.timer = new BatchedTimer(client.timekeeper(), client.loop(), SHORT_HOLD);
  }

  /** Returns the client. */
  CoreClient client() {
    return client;
  }

  /** Returns the timer of what short holds do not need, a second later. */
  BatchedTimer timer() {
    return timer;
  }

  /** Returns the writes of owner records. */
  PendingWrites writes() {
    return writes;
  }

  /** Returns the watches of the session in use. */
  public NodeWatches watches() {
    return Objects.requireNonNull(watches);
  }

  /** Returns the state in which requests of this process found each queue. */
  public KnownQueues knownQueues() {
    return knownQueues;
  }

  /** Returns the requests of this process that follow one another. */
  public LocalSuccession succession() {
    return succession;
  }

  /** Returns the releases that wait for a request, to be sent with it. */
  DelayedReleases delayedReleases() {
    return delayedReleases;
  }

  /** Returns the number of things it keeps for requests, also for those that are over. */
  public int size() {
    return orphans.size()
        + writes.size()
        + timer.size()
        + succession.size()
        + delayedReleases.size();
  }

  // Listings

  /** Lists a queue in which a request has no node yet. */
  public void look(SessionHandle session, ZkPath queue, Consumer<Answer<List<QueueEntry>>> reply) {
    list(session, queue, listed -> {
      if (listed.isOk()) {
        knownQueues.onSeen(queue, listed.get().isEmpty());
      } else if (listed.code() == Code.NONODE) {
        knownQueues.onMissing(queue);
      }
      reply.accept(listed);
    });
  }

  /** Lists a queue, together with others that want to know it at the same time. */
  void list(SessionHandle session, ZkPath queue, Consumer<Answer<List<QueueEntry>>> reply) {
    if (listings == null || listings.handle() != session) {
      listings = new QueueListings(session, client.timekeeper());
    }
    listings.list(queue, reply);
  }

  /**
   * Returns whether the leases on a queue are usually held for less time than a listing takes. Then a listing that is sent
   * when the holder changes comes too late to tell anything before it changes again.
   */
  boolean isHeldBriefly(ZkPath queue) {
    return listings != null && knownQueues.isHeldForLessThan(listings.roundTrip(), queue);
  }

  // Nodes

  /**
   * Returns a name that no other request of any client ever has: random for the client, counted within. Sequences alone are
   * not enough, since they start again when a queue's folder is removed.
   */
  String nextNodeName() {
    return nonce + Long.toString(count++, Character.MAX_RADIX);
  }

  /**
   * Takes what the nodes of a request will cost out of what a session may own.
   *
   * @return closing it gives that back
   * @throws EphemeralBudgetException if there is not enough; then nothing is taken
   */
  public Subscription reserve(List<Claim> claims) {
    List<EphemeralBudget.Reservation> reserved = new ArrayList<>();
    Subscription all = () -> reserved.forEach(EphemeralBudget.Reservation::close);
    try {
      for (Claim claim : claims) {
        ZkPath longest = claim.queue().path().own(claim.prefix(nonce + Long.MAX_VALUE));
        reserved.add(client.budget().reserve(longest));
      }
      return all;
    } catch (EphemeralBudgetException e) {
      all.close();
      throw e;
    }
  }

  /** Deletes a node that is no longer wanted; completed when it is certainly gone. */
  CompletableFuture<Void> remove(SessionHandle owner, ZkPath node) {
    return client.debt().delete(owner, node);
  }

  /** Deletes the nodes of a request, and restarts the numbers of a queue if they run out. */
  public CompletableFuture<Void> release(QueueNodes nodes) {
    return release(nodes, false);
  }

  /**
   * Deletes the nodes of a request.
   *
   * @param released whether because the user has closed the lease, so that requests of this session may follow
   */
  CompletableFuture<Void> release(QueueNodes nodes, boolean released) {
    QueueNode only = nodes.first();
    if (released && nodes.list().size() == 1 && !succession.isFollowed(only)) {
      return releaseAlone(nodes.handle(), only);
    }
    List<CompletableFuture<Void>> gone = new ArrayList<>();
    for (QueueNode node : nodes.list()) {
      gone.add(succession.end(nodes, node, released));
      renewNumbers(nodes.handle(), node);
    }
    return gone.size() == 1
        ? gone.get(0)
        : CompletableFuture.allOf(gone.toArray(new CompletableFuture<?>[0]));
  }

  /** Deletes the only node of a request that no request of this session follows. */
  private CompletableFuture<Void> releaseAlone(SessionHandle owner, QueueNode node) {
    succession.forget(node);
    CompletableFuture<Void> gone = delayedReleases.delete(owner, node);
    renewNumbers(owner, node);
    return gone;
  }

  /** Removes the queue of a deleted node if its numbers run out, which is refused while the queue is in use. */
  public void renewNumbers(SessionHandle owner, QueueNode node) {
    meters.onSequence(node.entry().sequence());
    if (node.entry().isNearExhaustion() && owner.isConnected()) {
      owner.delete(node.queue().path(), -1, renewed -> {
        if (renewed.isOk()) {
          meters.onRenewed();
        }
      });
    }
  }

  /** Deletes the node of a lost create, if it was created. */
  void removeIfCreated(SessionHandle owner, ZkPath queue, String prefix) {
    if (!owner.isOver()) {
      orphans.add(new Orphan(owner, queue, prefix));
      if (owner.isConnected()) {
        verify(owner);
      }
    }
  }

  // Sessions

  /** A session that was not in use before is connected. */
  public void onNewSession(SessionHandle connected) {
    watches = new NodeWatches(connected, client.timekeeper(), client.loop(), client.meters());
    writes.onConnected(connected);
  }

  /**
   * The session in use is connected again.
   *
   * @param hasRequests whether a request has to know the nodes of the session
   */
  public void onReconnected(SessionHandle connected, boolean hasRequests) {
    watches().onConnected();
    if (hasRequests || !orphans.isEmpty()) {
      verify(connected);
    }
    writes.onConnected(connected);
  }

  /** The session in use is not connected. */
  public void onSuspect() {
    delayedReleases.sendAll();
  }

  /** The session is over, and all its nodes with it. */
  public void onLost(SessionHandle lost) {
    watches = null;
    listings = null;
    delayedReleases.sendAll();
    succession.onLost();
    orphans.removeIf(orphan -> orphan.handle.equals(lost));
    writes.onLost(lost);
  }

  /** Reads what a session owns. A lagging server may show nodes that are gone: hence the sync. */
  private void verify(SessionHandle verified) {
    verified.sync(client.rootPath(), synced -> {});
    verified.getEphemerals(listed -> {
      if (listed.isOk()) {
        sweep(verified, listed.get());
        onVerified.accept(verified, listed.get());
      }
    });
  }

  private void sweep(SessionHandle verified, Set<ZkPath> owned) {
    for (Orphan orphan : List.copyOf(orphans)) {
      if (orphan.handle.equals(verified)) {
        orphans.remove(orphan);
        owned.stream().filter(orphan::created).forEach(node -> remove(verified, node));
      }
    }
  }

  /** Sends what is delayed, and ends all watches and timers. */
  public void close() {
    delayedReleases.close();
    if (watches != null) {
      watches.close();
    }
    timer.close();
  }

  private static String nonce() {
    SecureRandom random = new SecureRandom();
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < NONCE_LETTERS; i++) {
      letters.append(Character.forDigit(random.nextInt(Character.MAX_RADIX), Character.MAX_RADIX));
    }
    return letters.toString();
  }
}
