package io.zookit.core.internal;

import io.zookit.core.ClientObserver;
import io.zookit.core.IncarnationException;
import io.zookit.core.ZkUnavailableException;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the incarnation known, and notices data that is not the data this process knew.
 *
 * <pre>
 *   /&lt;root&gt;/~incarnation   PERSISTENT, a number; made as 1 by the first client, raised by an operator
 * </pre>
 *
 * <p>At every connect the node is read after a {@code sync}. Data is <i>strange</i> when the node is gone, when its number
 * went back, when it is another node with the same number, or when a create was given a transaction number that had
 * been passed before. Strange data stays strange until a greater number than the known one is read: then an operator
 * has said that the present data is right.
 */
final class IncarnationKeeper {

  private static final Logger log = LoggerFactory.getLogger(IncarnationKeeper.class);

  /** What stands in the node. */
  record Incarnation(long number) {}

  /** The number and the node it was read from. */
  private record Known(long number, long czxid) {}

  /** What is believed; {@code strange} says why it is not. */
  private record Belief(@Nullable Known known, @Nullable String strange) {}

  private final CoreClient client;
  private final ZkPath path;
  private final ClientObserver observer;
  private final RecordCodec<Incarnation> codec = RecordCodec.of(Incarnation.class, 1);
  private final ZxidWatermark watermark = new ZxidWatermark(this::onRegression);
  private volatile Belief belief = new Belief(null, null);

  IncarnationKeeper(CoreClient client, ClientObserver observer) {
    this.client = client;
    this.path = client.rootPath().own("~incarnation");
    this.observer = observer;
  }

  ZxidWatermark watermark() {
    return watermark;
  }

  /** The number in force, from any thread. */
  long number() {
    Known known = belief.known;
    if (known == null) {
      throw new ZkUnavailableException(path + ": not read yet; nothing was sent");
    }
    return known.number;
  }

  /** The number in force, when the data can be trusted. */
  long trusted() {
    Belief now = belief;
    if (now.strange != null) {
      throw new IncarnationException(
          path + ": " + now.strange + "; an operator must raise the incarnation");
    }
    return number();
  }

  /** Reads the node, makes it if this is the first client ever, and compares. On the loop. */
  void check(SessionHandle handle, Runnable done) {
    handle.sync(path, synced -> {});
    handle.getData(path, handle.watcher(event -> check(handle, () -> {})), read -> {
      if (read.isOk()) {
        compare(read.get());
        done.run();
      } else if (read.code() == Code.NONODE && belief.known == null) {
        found(handle, done);
      } else if (read.code() == Code.NONODE) {
        toStrange("the node is gone, the data was wiped");
        handle.exists(path, handle.watcher(event -> check(handle, () -> {})), set -> {});
        done.run();
      } else if (read.isAnswered()) {
        toStrange("it cannot be read (" + read.code() + ")");
        done.run();
      }
    });
  }

  private void found(SessionHandle handle, Runnable done) {
    Folders.root(client).ensure(handle, ready -> {});
    handle.create(
        path, codec.encode(new Incarnation(1)), client.acl(path), CreateMode.PERSISTENT, made -> {
          if (made.isOk() || made.code() == Code.NODEEXISTS) {
            check(handle, done);
          } else if (made.isAnswered()) {
            toStrange("it cannot be created (" + made.code() + ")");
            done.run();
          }
        });
  }

  private void compare(SessionHandle.Node node) {
    long number;
    if (codec.decode(node.data()) instanceof Decoded.Value<Incarnation> read) {
      number = read.value().number();
    } else {
      toStrange("it does not hold a number this version can read");
      return;
    }
    Belief now = belief;
    Known known = now.known;
    Known fresh = new Known(number, node.stat().getCzxid());
    if (known == null) {
      belief = new Belief(fresh, null);
    } else if (number > known.number) {
      toRaised(known, fresh);
    } else if (number < known.number) {
      toStrange("it went back from " + known.number + " to " + number + ", the data was restored");
    } else if (fresh.czxid != known.czxid) {
      toStrange("it is another node with the same number, the data was wiped");
    }
  }

  private void toRaised(Known before, Known fresh) {
    watermark.restart();
    belief = new Belief(fresh, null);
    log.info("{}: raised from {} to {}", path, before.number, fresh.number);
    observer.onIncarnationChanged(before.number, fresh.number);
  }

  private void toStrange(String reason) {
    Belief now = belief;
    if (now.strange == null) {
      belief = new Belief(now.known, reason);
      log.error(
          "{}: {}; nothing is granted until an operator raises the incarnation", path, reason);
      long number = now.known == null ? 0 : now.known.number;
      observer.onIncarnationChanged(number, 0);
    }
  }

  private void onRegression() {
    client
        .loop()
        .execute(() -> toStrange("transaction numbers went back, the data was wiped or restored"));
  }

  /** Raises the number. On the loop; the future is told the number in force. */
  void raise(SessionHandle handle, long atLeast, CompletableFuture<Long> raised) {
    handle.sync(path, synced -> {});
    handle.getData(path, null, read -> {
      if (read.isOk()) {
        long next = next(stored(read.get()), atLeast);
        byte[] data = codec.encode(new Incarnation(next));
        int version = read.get().stat().getVersion();
        handle.setData(path, data, version, set -> onWritten(handle, atLeast, next, set, raised));
      } else if (read.code() == Code.NONODE) {
        long next = next(0, atLeast);
        byte[] data = codec.encode(new Incarnation(next));
        Folders.root(client).ensure(handle, ready -> {});
        handle.create(
            path,
            data,
            client.acl(path),
            CreateMode.PERSISTENT,
            made -> onWritten(handle, atLeast, next, made, raised));
      } else {
        raised.completeExceptionally(Failures.of(read.code(), path));
      }
    });
  }

  private void onWritten(
      SessionHandle handle,
      long atLeast,
      long next,
      Answer<?> written,
      CompletableFuture<Long> raised) {
    if (written.isOk()) {
      check(handle, () -> raised.complete(next));
    } else if (written.code() == Code.BADVERSION || written.code() == Code.NODEEXISTS) {
      raise(handle, atLeast, raised);
    } else {
      raised.completeExceptionally(Failures.of(written.code(), path));
    }
  }

  private long next(long stored, long atLeast) {
    Known known = belief.known;
    long highest = Math.max(stored, known == null ? 0 : known.number);
    return Math.max(highest + 1, atLeast);
  }

  /** What cannot be read counts as nothing: an operator is just replacing it. */
  private long stored(SessionHandle.Node node) {
    return codec.decode(node.data()) instanceof Decoded.Value<Incarnation> read
        ? read.value().number()
        : 0;
  }
}
