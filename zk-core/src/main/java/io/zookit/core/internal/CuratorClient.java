package io.zookit.core.internal;

import io.zookit.core.FencingToken;
import io.zookit.core.Meters;
import io.zookit.core.SessionState;
import io.zookit.core.SessionView;
import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client: puts the connection, the session tracker, the incarnation and the engines together. */
public final class CuratorClient implements CoreClient {

  private static final Logger log = LoggerFactory.getLogger(CuratorClient.class);
  private static final Duration CLOSE_STEP = Duration.ofSeconds(2);

  private final ClientSettings settings;
  private final ServerAddresses addresses;
  private final String label;
  private final ClientThreads threads;
  private final SerialLane loop;
  private final SerialLane observers;
  private final AtomicReference<AccessTable> tables =
      new AtomicReference<>(AccessTable.membersOnly());
  private volatile AccessLists access;
  private final EphemeralBudget budget = new EphemeralBudget();
  private final DeletionDebt debt = new DeletionDebt();
  private final Engines engines = new Engines(this);
  private final IncarnationKeeper incarnation;
  private final SessionTracker tracker;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile @Nullable CuratorConnection connection;

  private CuratorClient(ClientSettings settings) {
    this.settings = settings;
    this.addresses = ServerAddresses.parse(CuratorConnection.connectString(settings));
    this.label = settings.label() == null ? ProcessLabel.ofThisProcess() : settings.label();
    this.threads = new ClientThreads(settings.executor(), label);
    this.loop = SerialLane.inline(threads.executor(), label + " loop");
    this.observers = lane("client observer");
    this.access = ConnectionSecurity.accessLists(settings, addresses);
    ObservedTransitions observed =
        new ObservedTransitions(observers, settings.observer(), settings.meters());
    this.incarnation = new IncarnationKeeper(this, observed);
    this.tracker = new SessionTracker(this, addresses.chroot(), incarnation, observed);
  }

  /** Connects and waits for it. */
  public static ZkClient connect(ClientSettings settings) {
    CuratorClient client = new CuratorClient(settings);
    try {
      ConnectionSecurity.requireSupportedServers(
          settings, client.addresses, client.threads.executor());
      client.open();
      client.awaitConnected(settings.connectTimeout());
      client.incarnation.number();
      return client;
    } catch (ZkTimeoutException e) {
      client.close();
      throw ConnectionSecurity.unreachable(client.addresses, settings.connectTimeout());
    } catch (InterruptedException e) {
      client.close();
      Thread.currentThread().interrupt();
      throw new ZkUnavailableException("interrupted while connecting", e);
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
  }

  /** Starts connecting. */
  public static ZkClient start(ClientSettings settings) {
    CuratorClient client = new CuratorClient(settings);
    client.open();
    return client;
  }

  private void open() {
    loop.execute(() -> tracker.listen(debt));
    connection = CuratorConnection.open(
        settings, threads.executor(), handle -> loop.execute(() -> tracker.adopt(handle)));
  }

  @Override
  public String root() {
    return settings.root().value();
  }

  @Override
  public SessionView session() {
    SessionHandle handle = tracker.handle();
    if (handle == null) {
      return new SessionView(SessionState.LOST, Duration.ZERO, Duration.ZERO);
    }
    long remaining = handle.remaining();
    boolean safe = tracker.isConnected() && handle.isConnected() && remaining > 0;
    Duration left = safe ? Duration.ofNanos(remaining) : Duration.ZERO;
    return new SessionView(
        safe ? SessionState.CONNECTED : SessionState.SUSPECT, left, handle.timeout());
  }

  @Override
  public Subscription onSession(Consumer<? super SessionView> listener) {
    SerialLane lane = lane("session listener");
    lane.execute(() -> listener.accept(session()));
    return onSessions(new SessionListener() {
      @Override
      public void onConnected(SessionHandle handle) {
        lane.execute(() -> listener.accept(new SessionView(
            SessionState.CONNECTED,
            Duration.ofNanos(Math.max(0, handle.remaining())),
            handle.timeout())));
      }

      @Override
      public void onSuspect(SessionHandle handle) {
        lane.execute(() -> listener.accept(
            new SessionView(SessionState.SUSPECT, Duration.ZERO, handle.timeout())));
      }

      @Override
      public void onLost(SessionHandle handle) {
        lane.execute(() ->
            listener.accept(new SessionView(SessionState.LOST, Duration.ZERO, handle.timeout())));
      }
    });
  }

  @Override
  public void awaitConnected(Duration timeout) throws InterruptedException {
    CompletableFuture<SessionHandle> connected = new CompletableFuture<>();
    Subscription waiting = onSessions(new ConnectedOnce(connected));
    try {
      connected.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new ZkTimeoutException(this + ": not connected within " + timeout);
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    } finally {
      waiting.close();
    }
  }

  @Override
  public long incarnation() {
    return incarnation.number();
  }

  @Override
  public long raiseIncarnation(long atLeast) throws InterruptedException {
    if (atLeast < 0) {
      throw new IllegalArgumentException("atLeast: " + atLeast + " (expected: 0 or more)");
    }
    CompletableFuture<Long> raised = new CompletableFuture<>();
    loop.execute(() -> handle()
        .ifPresentOrElse(
            handle -> incarnation.raise(handle, atLeast, raised),
            () -> raised.completeExceptionally(
                new ZkUnavailableException(this + ": not connected; nothing was sent"))));
    try {
      return raised.get(settings.connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new ZkUnavailableException(
          this + ": no answer to raising the incarnation; the outcome is unknown");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ZkException known
          ? known
          : new ZkException(this + ": " + e.getCause(), e);
    }
  }

  @Override
  public Timekeeper timekeeper() {
    return settings.timekeeper();
  }

  @Override
  public Meters meters() {
    return settings.meters();
  }

  @Override
  public SerialLane loop() {
    return loop;
  }

  @Override
  public Executor executor() {
    return threads.executor();
  }

  @Override
  public SerialLane lane(String name) {
    return SerialLane.on(threads.executor(), label + " " + name);
  }

  @Override
  public ZkPath rootPath() {
    return settings.root();
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public Optional<SessionHandle> handle() {
    return Optional.ofNullable(tracker.handle());
  }

  @Override
  public Subscription onSessions(SessionListener listener) {
    CompletableFuture<Subscription> listening = new CompletableFuture<>();
    loop.execute(() -> listening.complete(tracker.listen(listener)));
    return () -> listening.thenAccept(Subscription::close);
  }

  @Override
  public DeletionDebt debt() {
    return debt;
  }

  @Override
  public EphemeralBudget budget() {
    return budget;
  }

  @Override
  public List<ACL> acl(ZkPath path) {
    return access.aclFor(path);
  }

  @Override
  public AccessLists accessLists(AccessTable table) {
    AccessTable all = tables.updateAndGet(known -> known.and(table));
    AccessLists lists = all.under(settings.root(), ConnectionSecurity.policy(settings));
    access = lists;
    return lists;
  }

  @Override
  public FencingToken token(long czxid, int handOff) {
    return new FencingToken(incarnation.trusted(), czxid, handOff);
  }

  @Override
  public <E extends Engine> E engine(
      Class<E> kind, Function<? super CoreClient, ? extends E> maker) {
    return engines.get(kind, maker);
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    engines.close();
    boolean drained = settled();
    loop.execute(tracker::close);
    drained &= drained(loop);
    drained &= drained(observers);
    CuratorConnection open = connection;
    if (open != null) {
      open.close(CLOSE_STEP);
    }
    threads.close();
    if (!drained) {
      log.warn(
          "{}: closed before everything of it was given up; the rest goes with the session", this);
    }
  }

  /** Waits until what is owed is deleted, unless nobody is there to delete it. */
  private boolean settled() {
    CompletableFuture<Void> settled = new CompletableFuture<>();
    loop.execute(() -> debt.whenSettled(settled));
    try {
      settled.get(tracker.isConnected() ? CLOSE_STEP.toNanos() : 0, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean drained(SerialLane lane) {
    try {
      return lane.awaitDrained(CLOSE_STEP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public String toString() {
    return "ZkClient[" + label + root() + "]";
  }

  /** Completes a future at the first connect. */
  private record ConnectedOnce(CompletableFuture<SessionHandle> connected)
      implements SessionListener {

    @Override
    public void onConnected(SessionHandle handle) {
      connected.complete(handle);
    }

    @Override
    public void onSuspect(SessionHandle handle) {}

    @Override
    public void onLost(SessionHandle handle) {}
  }
}
