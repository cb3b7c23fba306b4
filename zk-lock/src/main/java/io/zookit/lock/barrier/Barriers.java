package io.zookit.lock.barrier;

import io.zookit.core.Subscription;
import io.zookit.core.ZkException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.core.internal.lane.Timeouts;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.node.NodeWatches;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The operations of one client at latches and barriers. Used on the loop. */
final class Barriers implements Engine, SessionListener {

  private static final int NONCE_BITS = 40;

  private final CoreClient client;
  private final String nonce =
      new BigInteger(NONCE_BITS, new SecureRandom()).toString(Character.MAX_RADIX);
  private final Set<Visit<?>> visits = new LinkedHashSet<>();
  private @Nullable SessionHandle handle;
  private @Nullable NodeWatches watches;
  private long count;
  private boolean closed;

  private Barriers(CoreClient client) {
    this.client = client;
  }

  static Barriers in(CoreClient client) {
    return client.engine(Barriers.class, Barriers::new);
  }

  @Override
  public void start() {
    client.onSessions(this);
  }

  CoreClient client() {
    return client;
  }

  Optional<SessionHandle> connected() {
    return Optional.ofNullable(handle).filter(SessionHandle::isConnected);
  }

  /** Watches of the session in use. */
  NodeWatches watches() {
    return Objects.requireNonNull(watches);
  }

  /** Returns a unique name. */
  String nextName() {
    return nonce + "." + Long.toString(count++, Character.MAX_RADIX);
  }

  /** The folders above {@code /<root>/<kind>/<name, nested>}, and that itself. */
  Folders folders(String kind, String name) {
    ZkPath folder = client.rootPath().own(kind);
    Folders chain = Folders.root(client).persistent(client, folder);
    for (String element : name.split("/", -1)) {
      folder = folder.child(element);
      chain = chain.persistent(client, folder);
    }
    return chain;
  }

  /** Takes up a visit. From any thread. */
  <T> CompletableFuture<T> begin(Visit<T> visit) {
    client.loop().execute(() -> {
      if (closed) {
        visit.onClosed(clientClosed(visit));
      } else {
        visits.add(visit);
        connected().ifPresent(visit::onConnected);
      }
    });
    return visit.outcome();
  }

  /** Starts an operation and waits for it; an interrupt or the end of the time withdraws it. */
  <T> T await(Visit<T> visit, Duration timeout) throws InterruptedException {
    Duration bounded = Duration.ofNanos(Timeouts.nanos(timeout));
    CompletableFuture<T> outcome = begin(visit);
    Subscription timer = client
        .timekeeper()
        .after(bounded, () -> client.loop().execute(() -> visit.giveUp(timeout)));
    try {
      return BlockingCalls.awaitOrWithdraw(
          outcome, () -> client.loop().execute(() -> visit.giveUp(Duration.ZERO)));
    } finally {
      timer.close();
    }
  }

  void end(Visit<?> visit) {
    visits.remove(visit);
  }

  int size() {
    return visits.size();
  }

  @Override
  public void onConnected(SessionHandle connected) {
    if (!connected.equals(handle)) {
      handle = connected;
      watches = new NodeWatches(connected, client.timekeeper(), client.loop(), client.meters());
    } else {
      watches().onConnected();
    }
    new ArrayList<>(visits).forEach(visit -> visit.onConnected(connected));
  }

  @Override
  public void onSuspect(SessionHandle suspect) {}

  @Override
  public void onLost(SessionHandle lost) {
    handle = null;
    watches = null;
    new ArrayList<>(visits).forEach(visit -> visit.onLost(lost));
  }

  @Override
  public void close() {
    client.loop().execute(() -> {
      closed = true;
      new ArrayList<>(visits).forEach(visit -> visit.onClosed(clientClosed(visit)));
      if (watches != null) {
        watches.close();
      }
    });
  }

  private static ZkException clientClosed(Visit<?> visit) {
    return new ZkException(visit + ": the client is closed");
  }
}
