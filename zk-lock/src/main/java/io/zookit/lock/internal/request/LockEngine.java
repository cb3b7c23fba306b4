package io.zookit.lock.internal.request;

import io.zookit.core.EphemeralBudgetException;
import io.zookit.core.Subscription;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.core.internal.lane.AsyncResult;
import io.zookit.core.internal.node.EphemeralBudget;
import io.zookit.core.internal.node.NodeWatches;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.lock.internal.lease.LockMeters;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.store.OwnerRecord;
import io.zookit.lock.internal.store.QueueEntry;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * The queue engine of one client: every request of every lock of this process is one of its {@link LockRequest}s.
 *
 * <p>It keeps no object per lock, only the requests that are not done and, for a while, the maxima of semaphores, so
 * nothing is left when all have ended. After a reconnect in the same session it reads once, by {@code sync} and {@code
 * getEphemerals}, all nodes that this session owns, and each request learns from that what became of its own. Used on the
 * client's loop.
 */
public final class LockEngine implements Engine, SessionListener {

  private static final int NONCE_LETTERS = 5;
  private static final Duration SHORT_HOLD = Duration.ofSeconds(1);

  /** A create whose answer was lost, of an request that is over: its node must not stay. */
  private record Orphan(SessionHandle handle, ZkPath queue, String prefix) {

    boolean made(ZkPath node) {
      return node.parent().equals(queue) && node.name().startsWith(prefix);
    }
  }

  private final CoreClient client;
  private final OwnerRecord owner;
  private final String nonce;
  private final Set<LockRequest> requests = new LinkedHashSet<>();
  private final PendingWrites writes = new PendingWrites();
  private final Map<String, SemaphoreMaximum> maxima = new HashMap<>();
  private final List<Orphan> orphans = new ArrayList<>();
  private final KnownQueues knownQueues = new KnownQueues();
  private final LocalSuccession succession;
  private final DelayedReleases delayedReleases;
  private final LockMeters meters;
  private final BatchedTimer timer;
  private @Nullable SessionHandle handle;
  private @Nullable NodeWatches watches;
  private @Nullable QueueListings listings;
  private long count;
  private boolean closed;

  private LockEngine(CoreClient client) {
    this(client, new LocalSuccession(client));
  }

  /** Creates the engine of a client with a given succession. */
  LockEngine(CoreClient client, LocalSuccession succession) {
    this(client, succession, DelayedReleases::new);
  }

  /** Creates the engine of a client with a given succession and delay of releases. */
  LockEngine(
      CoreClient client,
      LocalSuccession succession,
      BiFunction<CoreClient, KnownQueues, DelayedReleases> releases) {
    this.client = client;
    this.owner = OwnerRecord.of(client.label(), ProcessHandle.current().pid());
    this.nonce = nonce();
    this.succession = succession;
    this.delayedReleases = releases.apply(client, knownQueues);
    this.meters = new LockMeters(client.meters());
    this.timer = new BatchedTimer(client.timekeeper(), client.loop(), SHORT_HOLD);
  }

  @Override
  public void start() {
    client.onSessions(this);
  }

  /** The engine of a client. */
  public static LockEngine in(CoreClient client) {
    return client.engine(LockEngine.class, LockEngine::new);
  }

  public CoreClient client() {
    return client;
  }

  public LockMeters meters() {
    return meters;
  }

  /** Runs what short holds do not need, a second later. */
  BatchedTimer timer() {
    return timer;
  }

  /** Returns the record of this process in queue nodes. */
  OwnerRecord owner() {
    return owner;
  }

  public PendingWrites writes() {
    return writes;
  }

  /** Returns the requests that are not done. */
  public List<LockRequest> requests() {
    return List.copyOf(requests);
  }

  /** The number of things it keeps: requests that are not over, and pending work of those that are. */
  public int size() {
    return requests.size()
        + orphans.size()
        + writes.size()
        + timer.size()
        + succession.size()
        + delayedReleases.size();
  }

  boolean isConnected() {
    return handle != null && handle.isConnected();
  }

  /** The session in use, when requests are sent. */
  public Optional<SessionHandle> connected() {
    return Optional.ofNullable(handle).filter(SessionHandle::isConnected);
  }

  /** Watches of the session in use. */
  public NodeWatches watches() {
    return Objects.requireNonNull(watches);
  }

  /** The state in which requests of this process found each queue. */
  KnownQueues knownQueues() {
    return knownQueues;
  }

  /** Requests of this process that follow one another. */
  LocalSuccession succession() {
    return succession;
  }

  /** Releases that wait for a request, to be sent with it. */
  DelayedReleases delayedReleases() {
    return delayedReleases;
  }

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

  /**
   * A name that no other request of any client ever has: random for the client, counted within. Sequences alone are not
   * enough, since they start again when a queue's folder is removed.
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
  Subscription reserve(List<Claim> claims) {
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

  /** The maximum of a semaphore; the same object for all requests while one of them uses it. */
  SemaphoreMaximum maximum(String name, int initial) {
    return maxima.computeIfAbsent(name, missing -> new SemaphoreMaximum(this, missing, initial));
  }

  /** Sets the maximum of a semaphore. */
  public CompletableFuture<Void> changeMaximum(String name, int maximum) {
    CompletableFuture<Void> written = new CompletableFuture<>();
    client
        .loop()
        .execute(() -> connected()
            .ifPresentOrElse(
                session ->
                    new SemaphoreMaximum(this, name, maximum).change(session, maximum, written),
                () -> written.completeExceptionally(new ZkUnavailableException(
                    "semaphore " + name + ": not connected; nothing was sent"))));
    return AsyncResult.of(written, client.executor());
  }

  /** Forgets a maximum that is no longer used. */
  void forget(SemaphoreMaximum maximum) {
    maxima.remove(maximum.name(), maximum);
  }

  /** Takes up a new request. On the loop. */
  void begin(LockRequest request) {
    if (closed) {
      request.giveUp(clientClosed(request));
      return;
    }
    requests.add(request);
    request.begin();
    if (handle != null) {
      request.onConnected(handle);
    }
  }

  /** The request is over: nothing of it is left here. */
  void end(LockRequest request) {
    requests.remove(request);
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
    if (released && !closed && nodes.list().size() == 1 && !succession.isFollowed(only)) {
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

  /** Deletes the node of a lost create, if it was made. */
  void removeIfCreated(SessionHandle owner, ZkPath queue, String prefix) {
    if (!owner.isOver()) {
      orphans.add(new Orphan(owner, queue, prefix));
      if (owner.isConnected()) {
        verify(owner);
      }
    }
  }

  @Override
  public void onConnected(SessionHandle connected) {
    boolean fresh = !connected.equals(handle);
    if (fresh) {
      handle = connected;
      watches = new NodeWatches(connected, client.timekeeper(), client.loop(), client.meters());
    } else {
      watches().onConnected();
      if (!requests.isEmpty() || !orphans.isEmpty()) {
        verify(connected);
      }
    }
    writes.onConnected(connected);
    new ArrayList<>(maxima.values()).forEach(maximum -> maximum.onConnected(connected));
    new ArrayList<>(requests).forEach(request -> request.onConnected(connected));
  }

  @Override
  public void onSuspect(SessionHandle suspect) {
    delayedReleases.sendAll();
    new ArrayList<>(requests).forEach(request -> request.onSuspect(suspect));
  }

  /** Ends all leases. Requests keep their nodes, and their places, for as long as the session lives. */
  @Override
  public void onDeadline(SessionHandle suspect) {
    new ArrayList<>(requests).forEach(request -> request.onDeadline(suspect));
  }

  @Override
  public void onLost(SessionHandle lost) {
    handle = null;
    watches = null;
    listings = null;
    delayedReleases.sendAll();
    succession.onLost();
    orphans.removeIf(orphan -> orphan.handle.equals(lost));
    writes.onLost(lost);
    maxima.values().forEach(SemaphoreMaximum::onLost);
    new ArrayList<>(requests).forEach(request -> request.onLost(lost));
  }

  /** Learns what this session owns. A lagging server may show nodes that are gone: hence the sync. */
  private void verify(SessionHandle verified) {
    verified.sync(client.rootPath(), synced -> {});
    verified.getEphemerals(listed -> {
      if (listed.isOk()) {
        sweep(verified, listed.get());
        new ArrayList<>(requests).forEach(request -> request.onVerified(verified, listed.get()));
      }
    });
  }

  private void sweep(SessionHandle verified, Set<ZkPath> mine) {
    for (Orphan orphan : List.copyOf(orphans)) {
      if (orphan.handle.equals(verified)) {
        orphans.remove(orphan);
        mine.stream().filter(orphan::made).forEach(node -> remove(verified, node));
      }
    }
  }

  /** Ends all requests and releases all leases. */
  @Override
  public void close() {
    client.loop().execute(() -> {
      closed = true;
      delayedReleases.close();
      for (LockRequest request : new ArrayList<>(requests)) {
        request.giveUp(clientClosed(request));
      }
      if (watches != null) {
        watches.close();
      }
      timer.close();
      meters.close();
    });
  }

  private static ZkException clientClosed(LockRequest request) {
    return new ZkException(request + ": the client is closed; nothing is left behind");
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
