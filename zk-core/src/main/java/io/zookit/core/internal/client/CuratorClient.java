package io.zookit.core.internal.client;

import com.google.common.util.concurrent.Uninterruptibles;
import io.zookit.core.AccessPolicy;
import io.zookit.core.AuthenticatedIdentity;
import io.zookit.core.DataLineage;
import io.zookit.core.FencingToken;
import io.zookit.core.Identity;
import io.zookit.core.Meters;
import io.zookit.core.RestoreSuspicion;
import io.zookit.core.SessionView;
import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.access.AccessKeeper;
import io.zookit.core.internal.access.AccessLists;
import io.zookit.core.internal.lane.ClientObserverDispatcher;
import io.zookit.core.internal.lane.ClientThreads;
import io.zookit.core.internal.lane.GuardedMeters;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.lane.Timeouts;
import io.zookit.core.internal.lineage.IncarnationKeeper;
import io.zookit.core.internal.lineage.Lineage;
import io.zookit.core.internal.lineage.LineageKeeper;
import io.zookit.core.internal.node.EphemeralBudget;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.request.GuaranteedDeletes;
import io.zookit.core.internal.session.ConnectionKind;
import io.zookit.core.internal.session.DigestAgreement;
import io.zookit.core.internal.session.DroppedSessions;
import io.zookit.core.internal.session.SessionCloser;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.core.internal.session.SessionTracker;
import io.zookit.core.internal.session.SessionViews;
import io.zookit.core.internal.session.WireHandle;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client: puts the connection, the session tracker, the incarnation and the engines together. */
public final class CuratorClient implements CoreClient {

  private static final Logger log = LoggerFactory.getLogger(CuratorClient.class);
  private static final Duration CLOSE_STEP = Duration.ofSeconds(2);
  private static final Backoff RECONNECTS =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));

  private final ClientSettings settings;
  private final ServerAddresses addresses;
  private final String label;
  private final Meters meters;
  private final ClientThreads threads;
  private final SerialLane loop;
  private final AccessKeeper access;
  private final EphemeralBudget budget = new EphemeralBudget();
  private final GuaranteedDeletes debt;
  private final Engines engines = new Engines(this);
  private final DigestAgreement digest;
  private final IncarnationKeeper incarnation;
  private final LineageKeeper lineage;
  private final SessionTracker tracker;
  private final SessionViews views;
  private final ClientWaits waits;
  private final IncarnationRaises raises;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private volatile @Nullable ClientConnection connection;

  private CuratorClient(ClientSettings settings) {
    this.settings = settings;
    this.addresses = ServerAddresses.parse(CuratorConnection.connectString(settings));
    this.label = settings.label() == null ? ProcessLabel.ofThisProcess() : settings.label();
    this.meters = new GuardedMeters(settings.meters());
    this.threads = new ClientThreads(settings.executor(), label);
    this.loop = SerialLane.inline(threads.own(), label + " loop");
    this.debt = new GuaranteedDeletes(loop, timekeeper(), meters);
    AccessLists lists = ConnectionSecurity.accessLists(settings, addresses);
    this.access = new AccessKeeper(this, settings.root(), lists, settings.access() != null);
    ClientObserverDispatcher observed =
        new ClientObserverDispatcher(lane("client observer"), settings.observer(), meters);
    this.incarnation = new IncarnationKeeper(this, addresses.chroot(), observed);
    this.lineage = new LineageKeeper(this, incarnation, observed, this::endSession);
    incarnation.whenChanged(handle -> lineage.check(handle, compared -> {}), lineage::onRegression);
    SessionCloser closer = new SessionCloser(
        timekeeper(),
        () -> ServerAddresses.parse(CuratorConnection.connectString(settings)).servers(),
        settings.credentials());
    DroppedSessions dropped = new DroppedSessions(loop, timekeeper(), threads.own(), closer);
    this.digest = new DigestAgreement(
        toString(), settings.root(), settings.credentials(), settings.access(), this::takeIdentity);
    this.tracker = new SessionTracker(
        this,
        debt,
        addresses.chroot(),
        incarnation.watermark(),
        digest,
        new DataChecks(access, incarnation, lineage),
        RECONNECTS::delay,
        observed,
        dropped,
        settings.connectionKind());
    this.views = new SessionViews(tracker, loop, () -> lane("session listener"));
    this.waits = new ClientWaits(this, tracker, closed, digest.refused());
    this.raises =
        new IncarnationRaises(this, waits, digest, incarnation, lineage, settings.connectTimeout());
  }

  /** Connects and waits for it. */
  public static ZkClient connect(ClientSettings settings) {
    CuratorClient client = new CuratorClient(settings);
    try {
      client.connect();
      return client;
    } catch (InterruptedException e) {
      client.close();
      Thread.currentThread().interrupt();
      throw new ZkUnavailableException("interrupted while connecting", e);
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
  }

  private void connect() throws InterruptedException {
    Duration limit = settings.connectTimeout();
    long start = timekeeper().nanos();
    EnsembleProbe probe = EnsembleProbe.start(settings, addresses, threads.own());
    probe.await().forEach(each -> each.requireSupported(settings.acceptedVersions()));
    probe.tellLate(late -> ConnectionSecurity.warnOfUnsupported(this, settings, late));
    ServerOrder order = new ServerOrder(Timekeeper.system(), 0);
    order.learn(probe.order());
    open(order);
    try {
      long left = limit.toNanos() - (timekeeper().nanos() - start);
      awaitConnected(Duration.ofNanos(Math.max(0, left)));
    } catch (ZkTimeoutException e) {
      throw ConnectionSecurity.unreachable(settings, probe.all(), limit);
    }
    incarnation.requireShown();
  }

  /** Starts connecting. */
  public static ZkClient start(ClientSettings settings) {
    CuratorClient client = new CuratorClient(settings);
    try {
      client.openBehindProbe();
      return client;
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
  }

  /** Asks the servers without holding up the caller; the first handle waits for what is learned. */
  private void openBehindProbe() {
    ServerOrder order = new ServerOrder(Timekeeper.system(), EnsembleProbe.millis(settings));
    EnsembleProbe probe = EnsembleProbe.start(settings, addresses, threads.own());
    threads.own().execute(() -> learn(probe, order));
    open(order);
  }

  private void learn(EnsembleProbe probe, ServerOrder order) {
    try {
      Consumer<ServerProbe> heard =
          each -> ConnectionSecurity.warnOfUnsupported(this, settings, each);
      probe.await().forEach(heard);
      probe.tellLate(heard);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the order is what was learned until then
    } finally {
      order.learn(probe.order());
    }
  }

  private void open(ServerOrder order) {
    loop.execute(() -> {
      tracker.listen(debt);
      tracker.listen(views);
    });
    connection = settings.connectionKind() == ConnectionKind.KEPT
        ? SessionKeeper.open(settings, order, loop, new Handles())
        : CuratorConnection.open(
            settings, threads.own(), order, handle -> loop.execute(() -> tracker.adopt(handle)));
  }

  /** Passes what the keeper brings to the tracker. */
  private final class Handles implements SessionKeeper.Listener {

    @Override
    public void onConnected(ZooKeeper handle) {
      tracker.adopt(handle);
    }

    @Override
    public void onEnded(boolean byServer) {
      tracker.ended(byServer);
    }
  }

  @Override
  public String root() {
    return settings.root().value();
  }

  @Override
  public SessionView session() {
    return views.now();
  }

  @Override
  public Subscription onSession(Consumer<? super SessionView> listener) {
    return views.listen(listener);
  }

  @Override
  public void awaitConnected(Duration timeout) throws InterruptedException {
    waits.awaitConnected(timeout);
  }

  @Override
  public long incarnation() {
    digest.requireAgreed();
    return incarnation.number();
  }

  @Override
  public long raiseIncarnation(long atLeast) throws InterruptedException {
    return raises.raise(atLeast, false);
  }

  @Override
  public long repairIncarnation(long atLeast) throws InterruptedException {
    return raises.raise(atLeast, true);
  }

  /** Ends a session, and with it the nodes that were restored together with it; the connection opens the next one. */
  private void endSession(SessionHandle handle) {
    ClientConnection open = connection;
    if (open != null && handle instanceof WireHandle wire) {
      open.endSession(wire.zooKeeper());
    }
  }

  @Override
  public Optional<RestoreSuspicion> suspicion() {
    return lineage.suspicions().current();
  }

  @Override
  public Optional<DataLineage> lineage() {
    return lineage
        .known()
        .map(known ->
            new DataLineage(known.id(), known.here().version(), known.here().tag()));
  }

  @Override
  public void requireTrusted() {
    incarnation.requireTrusted();
    lineage.suspicions().requireNone();
  }

  @Override
  public String memory() {
    return lineage.known().map(Lineage::toText).orElse("");
  }

  @Override
  public Optional<String> credentialsFingerprint() {
    return ConnectionSecurity.fingerprint(settings);
  }

  @Override
  public void recall(String memory, Runnable compared) {
    Lineage.ofText(memory).ifPresentOrElse(kept -> lineage.recall(kept, compared), compared);
  }

  @Override
  public List<AuthenticatedIdentity> authenticatedAs() throws InterruptedException {
    long deadline = timekeeper().nanos() + Timeouts.nanos(settings.connectTimeout());
    try {
      awaitConnected(settings.connectTimeout());
      try (IdentityQuery query = IdentityQuery.start(tracker.zooKeeper(), threads.own())) {
        return waits
            .await(query.answer(), deadline - timekeeper().nanos(), () -> noIdentities(null))
            .orElseThrow(() -> noIdentities(null));
      }
    } catch (ZkTimeoutException e) {
      throw noIdentities(e);
    }
  }

  @Override
  public CompletableFuture<Optional<List<AuthenticatedIdentity>>> queryIdentities() {
    try {
      return IdentityQuery.start(tracker.zooKeeper(), threads.own()).answer();
    } catch (ZkUnavailableException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private ZkUnavailableException noIdentities(@Nullable Exception cause) {
    return new ZkUnavailableException(
        this + ": no answer to the question for its identities; nothing was changed", cause);
  }

  @Override
  public Timekeeper timekeeper() {
    return settings.timekeeper();
  }

  @Override
  public Meters meters() {
    return meters;
  }

  @Override
  public SerialLane loop() {
    return loop;
  }

  @Override
  public boolean isClosed() {
    return closed.isDone();
  }

  @Override
  public Executor executor() {
    return threads.callbacks();
  }

  @Override
  public SerialLane lane(String name) {
    return SerialLane.on(threads.callbacks(), label + " " + name);
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
  public GuaranteedDeletes debt() {
    return debt;
  }

  @Override
  public EphemeralBudget budget() {
    return budget;
  }

  @Override
  public List<ACL> acl(ZkPath path) {
    return access.lists().aclFor(path);
  }

  @Override
  public AccessLists accessLists() {
    return access.lists();
  }

  /** The servers know this client by another identity than its credentials say by default. */
  private void takeIdentity(Identity identity) {
    if (settings.access() == null) {
      access.takeBuilt(AccessPolicy.sharedBy(identity));
    }
  }

  @Override
  public FencingToken token(long czxid, int handOff) {
    long number = incarnation.trusted();
    lineage.suspicions().requireNone();
    return new FencingToken(number, czxid, handOff);
  }

  @Override
  public <E extends Engine> E engine(
      Class<E> kind, Function<? super CoreClient, ? extends E> maker) {
    return engines.get(kind, maker);
  }

  @Override
  public void close() {
    if (!closed.completeExceptionally(new IllegalStateException(this + ": is closed"))) {
      return;
    }
    engines.close();
    ClientConnection open = connection;
    boolean owned = open == null || open.owned();
    boolean settled = isSettled();
    CompletableFuture<Void> ended = new CompletableFuture<>();
    loop.execute(() -> {
      views.close();
      lineage.close();
      tracker.close(owned, settled).thenRun(() -> ended.complete(null));
    });
    boolean drained = isDone(loop.drained());
    drained &= isDone(threads.called());
    ended.thenRun(() -> {
      if (open != null) {
        open.close(CLOSE_STEP);
      }
      threads.close();
    });
    if (!drained || !settled) {
      log.warn(
          "{}: closed before everything it held was released; {}",
          this,
          owned ? "the rest goes with the session" : "the rest follows when ZooKeeper answers");
    }
  }

  /** Tells if all pending deletes are done; waits for them only while they can be done. */
  private boolean isSettled() {
    CompletableFuture<Void> settled = new CompletableFuture<>();
    loop.execute(() -> tracker.settle(settled));
    return settled.isDone() || (tracker.isConnected() && !loop.isCurrent() && isDone(settled));
  }

  /** Waits for one step, also in a thread that is interrupted, which learns of it afterwards. */
  private static boolean isDone(CompletableFuture<Void> step) {
    try {
      Uninterruptibles.getUninterruptibly(step, CLOSE_STEP);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a step of closing failed", e);
    }
  }

  @Override
  public String toString() {
    return "ZkClient[" + label + root() + "]";
  }
}
