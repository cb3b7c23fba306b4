package io.zookit.testkit.internal.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;

/** Packets that wait to be written to one end of a connection, each with its earliest time. */
public final class Flow {

  /** Beyond that the other end is not read, so that the sender feels the receiver. */
  private static final long FULL = 4L << 20;

  private final SocketChannel to;
  private final ArrayDeque<Parcel> waiting = new ArrayDeque<>();
  private long bytes;
  private boolean blocked;
  private boolean ending;
  private boolean ended;

  public Flow(SocketChannel to) {
    this.to = to;
  }

  public void add(ByteBuffer packet, long due) {
    bytes += packet.remaining();
    waiting.addLast(new Parcel(packet, due));
  }

  /** Ends the flow: the receiver learns of the end when all packets are written. */
  public void end() {
    ending = true;
  }

  public boolean isFull() {
    return bytes >= FULL;
  }

  public boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Returns whether the receiver has learned of the end. */
  public boolean isEnded() {
    return ended;
  }

  /** Returns whether a packet is due that the receiver does not take. */
  public boolean isBlocked() {
    return blocked;
  }

  /** Nanoseconds until something may be written, {@code Long.MAX_VALUE} when there is nothing to wait for. */
  public long untilDue(long now) {
    Parcel first = waiting.peekFirst();
    return first == null || blocked ? Long.MAX_VALUE : Math.max(0, first.due - now);
  }

  /** Makes everything due. */
  public void hurry(long now) {
    ArrayDeque<Parcel> old = new ArrayDeque<>(waiting);
    waiting.clear();
    old.forEach(each -> waiting.addLast(new Parcel(each.packet, now)));
  }

  /** Writes what is due, as far as the receiver takes it. */
  public void write(long now) throws IOException {
    blocked = false;
    while (!waiting.isEmpty() && waiting.getFirst().due - now <= 0) {
      ByteBuffer packet = waiting.getFirst().packet;
      bytes -= to.write(packet);
      if (packet.hasRemaining()) {
        blocked = true;
        return;
      }
      waiting.removeFirst();
    }
    if (ending && !ended && waiting.isEmpty()) {
      ended = true;
      to.shutdownOutput();
    }
  }

  private record Parcel(ByteBuffer packet, long due) {}
}
