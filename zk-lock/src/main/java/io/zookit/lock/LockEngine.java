package io.zookit.lock;

import io.zookit.core.ZkException;
import io.zookit.core.internal.CoreClient;
import io.zookit.core.internal.Engine;
import io.zookit.core.internal.NodeWatches;
import io.zookit.core.internal.RecordCodec;
import io.zookit.core.internal.SessionHandle;
import io.zookit.core.internal.SessionListener;
import io.zookit.core.internal.ZkPath;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The queue engine of one client: every request of every lock of this process is one of its {@link Attempt}s.
 *
 * <p>It keeps no object per lock, only the attempts that are not over, so nothing is left when all have ended. After a
 * reconnect in the same session it asks once, by {@code sync} and {@code getEphemerals}, for all nodes this session
 * owns, and each attempt learns from that what became of its own. Lives on the client's loop.
 */
final class LockEngine implements Engine, SessionListener {

  private static final int NONCE_LETTERS = 5;

  /** A create whose answer was lost, of an attempt that is over: its node must not stay. */
  private record Orphan(SessionHandle handle, ZkPath queue, String prefix) {

    boolean made(ZkPath node) {
      return node.parent().equals(queue) && node.name().startsWith(prefix);
    }
  }

  private final CoreClient client;
  private final byte[] ownerData;
  private final String nonce;
  private final Set<Attempt> attempts = new LinkedHashSet<>();
  private final List<Orphan> orphans = new ArrayList<>();
  private final LockMeters meters;
  private @Nullable SessionHandle handle;
  private @Nullable NodeWatches watches;
  private long count;
  private boolean closed;

  private LockEngine(CoreClient client) {
    this.client = client;
    OwnerRecord owner = new OwnerRecord(client.label(), ProcessHandle.current().pid());
    this.ownerData = RecordCodec.of(OwnerRecord.class, 1).encode(owner);
    this.nonce = nonce();
    this.meters = new LockMeters(client.meters());
  }

  @Override
  public void start() {
    client.onSessions(this);
  }

  /** The engine of a client. */
  static LockEngine in(CoreClient client) {
    return client.engine(LockEngine.class, LockEngine::new);
  }

  CoreClient client() {
    return client;
  }

  LockMeters meters() {
    return meters;
  }

  byte[] ownerData() {
    return ownerData;
  }

  /** Watches of the session in use. */
  NodeWatches watches() {
    return Objects.requireNonNull(watches);
  }

  /**
   * A name no other request of any client ever has: random for the client, counted within. Sequences alone do not do,
   * they start again when a queue's folder is removed.
   */
  String nextAttemptName(char mode) {
    return mode + nonce + Long.toString(count++, Character.MAX_RADIX) + "-";
  }

  /** Takes up a new attempt. On the loop. */
  void begin(Attempt attempt) {
    if (closed) {
      attempt.giveUp(clientClosed(attempt));
      return;
    }
    attempts.add(attempt);
    if (handle != null) {
      attempt.onConnected(handle);
    }
  }

  /** The attempt is over: nothing of it is left here. */
  void end(Attempt attempt) {
    attempts.remove(attempt);
  }

  /** Deletes a node that is no longer wanted; done when it is surely gone. */
  CompletableFuture<Void> remove(SessionHandle owner, ZkPath node) {
    return client.debt().delete(owner, node);
  }

  /** Deletes the node of a lost create, if it was made. */
  void removeIfMade(SessionHandle owner, ZkPath queue, String prefix) {
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
      watches = new NodeWatches(connected);
    } else if (!attempts.isEmpty() || !orphans.isEmpty()) {
      verify(connected);
    }
    new ArrayList<>(attempts).forEach(attempt -> attempt.onConnected(connected));
  }

  @Override
  public void onSuspect(SessionHandle suspect) {
    new ArrayList<>(attempts).forEach(attempt -> attempt.onSuspect(suspect));
  }

  @Override
  public void onLost(SessionHandle lost) {
    handle = null;
    watches = null;
    orphans.removeIf(orphan -> orphan.handle.equals(lost));
    new ArrayList<>(attempts).forEach(attempt -> attempt.onLost(lost));
  }

  /** Learns what this session owns. A lagging server may show nodes that are gone: hence the sync. */
  private void verify(SessionHandle verified) {
    verified.sync(client.rootPath(), synced -> {});
    verified.getEphemerals(listed -> {
      if (listed.isOk()) {
        sweep(verified, listed.get());
        new ArrayList<>(attempts).forEach(attempt -> attempt.onVerified(verified, listed.get()));
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

  /** Ends all requests and gives up all leases. */
  @Override
  public void close() {
    client.loop().execute(() -> {
      closed = true;
      for (Attempt attempt : new ArrayList<>(attempts)) {
        attempt.giveUp(clientClosed(attempt));
      }
      meters.close();
    });
  }

  private static ZkException clientClosed(Attempt attempt) {
    return new ZkException(attempt + ": the client is closed; nothing is left behind");
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
