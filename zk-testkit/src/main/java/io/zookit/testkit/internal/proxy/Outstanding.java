package io.zookit.testkit.internal.proxy;

import io.zookit.testkit.Op;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The requests of one connection that have no answer yet, in order. */
public final class Outstanding {

  /** The xid of a watch event, which answers nothing. */
  private static final int EVENT = -1;

  private static final int XID_AT = Integer.BYTES;
  private static final int OP_AT = 2 * Integer.BYTES;
  private static final Answer OTHER = new Answer(false, Optional.empty());

  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private boolean opened;

  public boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Forgets all requests: none will be answered any more. */
  public void clear() {
    waiting.clear();
  }

  /** Returns the kind of a request packet; the first of a connection has no number of its own. */
  public Request read(ByteBuffer packet) {
    if (!opened) {
      opened = true;
      return new Request(Op.CONNECT, 0);
    }
    return packet.remaining() < OP_AT + Integer.BYTES
        ? new Request(Op.OTHER, 0)
        : new Request(Op.ofCode(packet.getInt(OP_AT)), packet.getInt(XID_AT));
  }

  public void add(Request request, @Nullable ArmedFault atAnswer) {
    waiting.addLast(new Waiting(request, Optional.ofNullable(atAnswer)));
  }

  /** Takes out the request that a packet of the server answers. */
  public Answer answer(ByteBuffer packet) {
    Waiting first = waiting.peekFirst();
    if (first != null && first.request.op == Op.CONNECT) {
      waiting.removeFirst();
      return new Answer(false, first.atAnswer);
    }
    if (packet.remaining() < XID_AT + Integer.BYTES) {
      return OTHER;
    }
    int xid = packet.getInt(XID_AT);
    return xid == EVENT ? new Answer(true, Optional.empty()) : answer(xid);
  }

  private Answer answer(int xid) {
    for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
      Waiting candidate = each.next();
      if (candidate.request.xid == xid) {
        each.remove();
        return new Answer(false, candidate.atAnswer);
      }
    }
    return OTHER;
  }

  /** One request: its kind and the number by which its answer is known. */
  public record Request(Op op, int xid) {}

  /** One packet of the server: a watch event, or an answer with the fault that waits for it. */
  public record Answer(boolean isEvent, Optional<ArmedFault> fault) {}

  private record Waiting(Request request, Optional<ArmedFault> atAnswer) {}
}
