package io.zookit.lock.internal.handoff;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.rule.Claim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/** The queues inside this process of locks that are handed on without a request; none that is not in use. On the loop. */
public final class HandOffQueues implements Engine {

  /**
   * Which requests share a node.
   *
   * @param bound the most owners in a row
   */
  public record Key(String lock, int bound) {}

  private final CoreClient client;
  private final LockEngine engine;
  private final Map<Key, HandOffQueue> queues = new HashMap<>();
  private boolean closed;

  private HandOffQueues(CoreClient client) {
    this.client = client;
    this.engine = LockEngine.in(client); // created first, so closed last
  }

  public static HandOffQueues in(CoreClient client) {
    return client.engine(HandOffQueues.class, HandOffQueues::new);
  }

  @Override
  public void start() {}

  LockEngine engine() {
    return engine;
  }

  /** Lets a request wait. */
  void add(HandOffRequest request, Key key, Claim claim) {
    if (closed) {
      request.giveUp(HandOffQueue.clientClosed(key));
    } else {
      queues
          .computeIfAbsent(key, missing -> new HandOffQueue(this, missing, claim))
          .add(request);
    }
  }

  /** Forgets a queue that is no longer used. */
  void forget(HandOffQueue queue) {
    queues.remove(queue.key(), queue);
  }

  public int size() {
    return queues.size();
  }

  @Override
  public void close() {
    client.loop().execute(() -> {
      closed = true;
      new ArrayList<>(queues.values()).forEach(HandOffQueue::close);
    });
  }
}
