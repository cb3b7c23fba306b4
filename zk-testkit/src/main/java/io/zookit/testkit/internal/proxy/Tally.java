package io.zookit.testkit.internal.proxy;

import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counters of packets. Thread-safe: written by the proxy's thread, read by tests. */
public final class Tally {

  /** Beyond that many requests the oldest are no longer listed. */
  private static final int REMEMBERED = 1 << 16;

  private final Map<Op, Long> requests = new EnumMap<>(Op.class);
  private final ArrayDeque<Op> order = new ArrayDeque<>();
  private long bytesFromClients;
  private long bytesFromServer;
  private long watchEvents;

  public synchronized void request(Op op) {
    requests.merge(op, 1L, Long::sum);
    if (op.isRequest()) {
      if (order.size() == REMEMBERED) {
        order.removeFirst();
      }
      order.addLast(op);
    }
  }

  public synchronized void watchEvent() {
    watchEvents++;
  }

  public synchronized void bytes(boolean fromClient, long count) {
    if (fromClient) {
      bytesFromClients += count;
    } else {
      bytesFromServer += count;
    }
  }

  public synchronized PacketCounts counts() {
    return new PacketCounts(requests, bytesFromClients, bytesFromServer, watchEvents);
  }

  public synchronized List<Op> order() {
    return List.copyOf(order);
  }

  public synchronized void reset() {
    requests.clear();
    order.clear();
    bytesFromClients = 0;
    bytesFromServer = 0;
    watchEvents = 0;
  }
}
