package io.zookit.id.internal.counter;

import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.core.ZkException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.LiveCell;
import io.zookit.core.internal.node.NodeFollower;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shared value as a live value. What cannot be read leaves the last one, which is stale then.
 *
 * <p><i>Threads:</i> used on the loop, except for {@link #open}.
 */
final class ValueFollower<T> implements SessionListener {

  private static final Logger log = LoggerFactory.getLogger(ValueFollower.class);

  private final CoreClient client;
  private final ZkPath path;
  private final Function<@Nullable String, Optional<T>> decoder;
  private final LiveCell<T> value;
  private @Nullable NodeFollower<SessionHandle.Node> node;
  private @Nullable Subscription sessions;

  private ValueFollower(
      CoreClient client,
      ZkPath path,
      String name,
      Function<@Nullable String, Optional<T>> decoder) {
    this.client = client;
    this.path = path;
    this.decoder = decoder;
    this.value = new LiveCell<>(
        name,
        client.timekeeper(),
        () -> client.lane("listener of " + name),
        () -> client.loop().execute(this::end));
  }

  /** Follows a value until it is closed. From any thread. */
  static <T> LiveValue<T> open(
      CoreClient client,
      ZkPath path,
      String name,
      Function<@Nullable String, Optional<T>> decoder) {
    ValueFollower<T> follower = new ValueFollower<>(client, path, name, decoder);
    client.loop().execute(follower::start);
    return follower.value;
  }

  private void start() {
    node = NodeFollower.ofUnsharedData(client, path, this::onRead);
    sessions = client.onSessions(this);
  }

  private void end() {
    if (node != null) {
      node.close();
    }
    if (sessions != null) {
      sessions.close();
    }
  }

  @Override
  public void onConnected(SessionHandle handle) {
    if (node != null) {
      node.onConnected(handle);
    }
  }

  @Override
  public void onSuspect(SessionHandle handle) {
    value.toStale();
  }

  @Override
  public void onLost(SessionHandle handle) {
    if (node != null) {
      node.onLost(handle);
    }
  }

  private void onRead(Answer<SessionHandle.Node> read) {
    try {
      Optional<T> now = read.isOk()
          ? decoder.apply(
              CounterNodes.decode(ValueRecord.CODEC, read.get(), path).value())
          : Optional.empty();
      if (now.isEmpty()) {
        value.toStale();
      } else if (value.latest().equals(now)) {
        value.toLive();
      } else {
        value.set(now.get());
      }
    } catch (ZkException e) {
      log.warn("{}", e.getMessage());
      value.toStale();
    }
  }
}
