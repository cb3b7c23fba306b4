package io.zookit.registry;

import io.zookit.core.Subscription;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.core.internal.lane.Timeouts;
import io.zookit.core.internal.node.OwnedNodes;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * What one client provides and consumes: a {@link ProviderService} for each service it registers instances of, a {@link
 * ServiceWatcher} for each service it looks at. Lives on the client's loop.
 */
final class RegistryEngine implements Engine, SessionListener {

  /** What closing waits beyond a grace for answers. */
  static final Duration CLOSE_MARGIN = Duration.ofSeconds(2);

  private static final int ASK_SECONDS = 15;

  private final CoreClient client;
  private final OwnedNodes nodes;
  private final RegistryMeters meters;
  private final Map<String, ProviderService> hosted = new HashMap<>();
  private final Map<String, ServiceWatcher> followers = new HashMap<>();
  private final List<WatchRegistration> unremoved = new ArrayList<>();
  private final List<ZkPath> undeleted = new ArrayList<>();
  private @Nullable Subscription sessions;
  private @Nullable SessionHandle handle;
  private volatile boolean closed;

  private RegistryEngine(CoreClient client) {
    this.client = client;
    this.nodes = client.ownedNodes();
    this.meters = new RegistryMeters(client.meters());
  }

  @Override
  public void start() {
    meters.open();
    sessions = client.onSessions(this);
  }

  /** The engine of a client. */
  static RegistryEngine in(CoreClient client) {
    return client.engine(RegistryEngine.class, RegistryEngine::new);
  }

  static Duration requireNotNegative(String what, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(what + ": " + value + " (expected: zero or more)");
    }
    return value;
  }

  CoreClient client() {
    return client;
  }

  /** The incarnation of the data in ZooKeeper, when it is known. */
  Optional<Long> incarnation() {
    try {
      return Optional.of(client.incarnation());
    } catch (ZkException e) {
      return Optional.empty();
    }
  }

  OwnedNodes nodes() {
    return nodes;
  }

  RegistryMeters meters() {
    return meters;
  }

  /** The session in use, when it is connected. */
  Optional<SessionHandle> connected() {
    return Optional.ofNullable(handle).filter(SessionHandle::isConnected);
  }

  /** Runs a task on the loop, some time from now. */
  Subscription later(Duration delay, Runnable task) {
    return client.timekeeper().after(delay, () -> client.loop().execute(task));
  }

  /**
   * Sends a request and waits for its answer; {@code OPERATIONTIMEOUT} when there is none in time.
   *
   * @return an answer that was not sent when there is no connection
   */
  <T> Answer<T> ask(Asking<T> asking) throws InterruptedException {
    requireOpen();
    CompletableFuture<Answer<T>> answer = new CompletableFuture<>();
    client
        .loop()
        .execute(() -> connected()
            .ifPresentOrElse(
                present -> asking.send(present, answer::complete),
                () -> answer.complete(Answer.notSent())));
    try {
      return answer.get(ASK_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return Answer.of(Code.OPERATIONTIMEOUT);
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * The same for somebody who cannot go on without an answer.
   *
   * @throws ZkUnavailableException when there is none in time
   */
  <T> Answer<T> answered(Object asker, Asking<T> asking) throws InterruptedException {
    Answer<T> answer = ask(asking);
    if (!answer.isAnswered()) {
      throw new ZkUnavailableException(asker + ": no answer"
          + (answer.sent() ? ", the effect is unknown" : ", nothing was sent"));
    }
    return answer;
  }

  /** Takes up a new registration. From any thread. */
  void begin(ManagedRegistration registration) {
    requireOpen();
    meters.onWanted();
    client.loop().execute(() -> {
      ServicePaths place = new ServicePaths(client, registration.instance().service());
      ProviderService service =
          hosted.computeIfAbsent(place.service(), name -> new ProviderService(this, place));
      registration.begin(service);
    });
  }

  /** A service has no registration any more. */
  void forget(ProviderService service) {
    hosted.remove(service.place().service(), service);
  }

  /** Takes up a new view. From any thread. */
  void follow(ServicePaths place, LiveServiceView view, RegistryOptions options) {
    requireOpen();
    meters.onView();
    client.loop().execute(() -> {
      ServiceWatcher known = followers.get(place.service());
      ServiceWatcher follower = known == null ? new ServiceWatcher(this, place) : known;
      follower.publisher().add(view);
      options.probe().ifPresent(follower.publisher()::probeWith);
      if (options.announcesPresence()) {
        follower.announcePresence();
      }
      if (known == null) {
        followers.put(place.service(), follower);
        connected().ifPresent(follower::onConnected);
      }
    });
  }

  /** Whether somebody looks at a service. On the loop. */
  boolean isFollowed(String service) {
    return followers.containsKey(service);
  }

  /** A call of this process came to something that has to be looked at. From any thread. */
  void onResult(String service, ServiceMember member) {
    client.loop().execute(() -> {
      ServiceWatcher follower = followers.get(service);
      if (follower != null) {
        follower.publisher().onResult(member);
      }
    });
  }

  /** A view was closed. From any thread. */
  void unfollow(LiveServiceView view) {
    meters.onViewClosed();
    client.loop().execute(() -> {
      ServiceWatcher follower = followers.get(view.service());
      if (follower != null && !follower.publisher().remove(view)) {
        followers.remove(view.service());
        follower.stop();
      }
    });
  }

  /** A watch may still be on the server: to be removed after the next connect. */
  void removeLater(WatchRegistration watch) {
    unremoved.add(watch);
  }

  /** A node of an earlier session of this client may still be there: to be deleted, now or after the next connect. */
  void delete(ZkPath former) {
    connected()
        .ifPresentOrElse(
            present -> client.debt().delete(present, former), () -> undeleted.add(former));
  }

  @Override
  public void onConnected(SessionHandle connected) {
    handle = connected;
    List<ZkPath> formers = List.copyOf(undeleted);
    undeleted.clear();
    formers.forEach(this::delete);
    List<WatchRegistration> owed = List.copyOf(unremoved);
    unremoved.clear();
    for (WatchRegistration watch : owed) {
      if (watch.handle().equals(connected)) {
        watch.removeAgain(() -> removeLater(watch));
      }
    }
    new ArrayList<>(hosted.values()).forEach(service -> service.onConnected(connected));
    new ArrayList<>(followers.values()).forEach(follower -> follower.onConnected(connected));
  }

  @Override
  public void onSuspect(SessionHandle suspect) {
    new ArrayList<>(hosted.values()).forEach(ProviderService::onSuspect);
    new ArrayList<>(followers.values()).forEach(ServiceWatcher::onSuspect);
  }

  @Override
  public void onLost(SessionHandle lost) {
    handle = null;
    unremoved.clear();
    new ArrayList<>(hosted.values()).forEach(ProviderService::onLost);
    new ArrayList<>(followers.values()).forEach(ServiceWatcher::onLost);
  }

  /** Ends all registrations, all at the same time and each with its grace, then all views. */
  @Override
  public void close() {
    closed = true;
    CompletableFuture<List<ManagedRegistration>> open = new CompletableFuture<>();
    client.loop().execute(() -> {
      List<ManagedRegistration> all = new ArrayList<>();
      hosted.values().forEach(service -> all.addAll(service.registrations()));
      all.forEach(ManagedRegistration::drainNow);
      open.complete(all);
    });
    awaitEnded(open.join());
    client.loop().execute(() -> {
      new ArrayList<>(followers.values()).forEach(ServiceWatcher::closeViews);
      if (sessions != null) {
        sessions.close();
      }
      meters.close();
    });
  }

  private static void awaitEnded(List<ManagedRegistration> registrations) {
    Duration longest = registrations.stream()
        .map(ManagedRegistration::patience)
        .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    CompletableFuture<?>[] ends = registrations.stream()
        .map(ManagedRegistration::endedOrCutOff)
        .toArray(CompletableFuture<?>[]::new);
    await(CompletableFuture.allOf(ends), longest);
  }

  /** Waits at most so long; an interrupt ends the waiting. */
  static void await(CompletableFuture<Void> end, Duration limit) {
    try {
      end.get(Timeouts.nanos(limit), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      // what was not answered in time goes with the session
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(client + ": is closed");
    }
  }
}
