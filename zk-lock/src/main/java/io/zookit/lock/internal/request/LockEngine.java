package io.zookit.lock.internal.request;

import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.core.internal.lane.AsyncResult;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.lock.internal.lease.LockMeters;
import io.zookit.lock.internal.queue.DelayedReleases;
import io.zookit.lock.internal.queue.KnownQueues;
import io.zookit.lock.internal.queue.LocalSuccession;
import io.zookit.lock.internal.queue.QueueClient;
import io.zookit.lock.internal.store.OwnerRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The queue engine of one client: every request of every lock of this process is one of its {@link LockRequest}s.
 *
 * <p>It keeps no object per lock, only the requests that are not done and, for a while, the maxima of semaphores, so
 * nothing is left when all have ended. What the requests share of the queues is in {@link QueueClient}. Used on the client's
 * loop.
 */
public final class LockEngine implements Engine, SessionListener {

  private final CoreClient client;
  private final OwnerRecord owner;
  private final Set<LockRequest> requests = new LinkedHashSet<>();
  private final Map<String, SemaphoreMaximum> maxima = new HashMap<>();
  private final LockMeters meters;
  private final QueueClient queues;
  private @Nullable SessionHandle handle;
  private boolean closed;

  private LockEngine(CoreClient client) {
    this(client, new LocalSuccession(client), DelayedReleases::new);
  }

  /** Creates the engine of a client with a given succession and delay of releases. */
  LockEngine(
      CoreClient client,
      LocalSuccession succession,
      BiFunction<CoreClient, KnownQueues, DelayedReleases> releases) {
    this.client = client;
    this.owner = OwnerRecord.of(client.label(), ProcessHandle.current().pid());
    this.meters = new LockMeters(client.meters());
    this.queues = new QueueClient(client, meters, succession, releases, this::onVerified);
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

  /** Returns what the requests share of the queues. */
  public QueueClient queues() {
    return queues;
  }

  /** Returns the record of this process in queue nodes. */
  OwnerRecord owner() {
    return owner;
  }

  /** Returns the requests that are not done. */
  public List<LockRequest> requests() {
    return List.copyOf(requests);
  }

  /** The number of things it keeps: requests that are not over, and pending work of those that are. */
  public int size() {
    return requests.size() + queues.size();
  }

  boolean isConnected() {
    return handle != null && handle.isConnected();
  }

  /** The session in use, when requests are sent. */
  public Optional<SessionHandle> connected() {
    return Optional.ofNullable(handle).filter(SessionHandle::isConnected);
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

  @Override
  public void onConnected(SessionHandle connected) {
    if (connected.equals(handle)) {
      queues.onReconnected(connected, !requests.isEmpty());
    } else {
      handle = connected;
      queues.onNewSession(connected);
    }
    new ArrayList<>(maxima.values()).forEach(maximum -> maximum.onConnected(connected));
    new ArrayList<>(requests).forEach(request -> request.onConnected(connected));
  }

  @Override
  public void onSuspect(SessionHandle suspect) {
    queues.onSuspect();
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
    queues.onLost(lost);
    maxima.values().forEach(SemaphoreMaximum::onLost);
    new ArrayList<>(requests).forEach(request -> request.onLost(lost));
  }

  private void onVerified(SessionHandle verified, Set<ZkPath> owned) {
    new ArrayList<>(requests).forEach(request -> request.onVerified(verified, owned));
  }

  /** Ends all requests and releases all leases. */
  @Override
  public void close() {
    client.loop().execute(() -> {
      closed = true;
      for (LockRequest request : new ArrayList<>(requests)) {
        request.giveUp(clientClosed(request));
      }
      queues.close();
      meters.close();
    });
  }

  private static ZkException clientClosed(LockRequest request) {
    return new ZkException(request + ": the client is closed; nothing is left behind");
  }
}
