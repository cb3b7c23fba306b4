package io.zookit.testkit.internal.proxy;

import io.zookit.testkit.PacketCounts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection through a proxy. Confined to the proxy's thread.
 *
 * <p>A fault at a request leaves what came before it alone: requests sent earlier are answered, their answers reach the
 * client, and only then the connection ends or falls silent. What the client sent after it is dropped.
 */
public final class ProxyConnection {

  private static final Logger LOG = LoggerFactory.getLogger(ProxyConnection.class);

  private enum State {
    /** Everything passes. */
    OPEN,
    /** To be cut: nothing more is taken from the client, outstanding answers still pass. */
    DOOMED,
    /** To fall silent: likewise. */
    FADING,
    /** The server's end is closed; the client reads the last answers and hangs up. */
    PARTING,
    /** Nothing is read from either end any more. */
    SILENT,
    /** Over. */
    CLOSED
  }

  private final SocketChannel client;
  private final SocketChannel server;
  private final SelectionKey clientKey;
  private final SelectionKey serverKey;
  private final ProxyRules rules;
  private final Tally overall;
  private final Tally own = new Tally();
  private final FrameCutter requests = new FrameCutter();
  private final FrameCutter replies = new FrameCutter();
  private final Flow toClient;
  private final Flow toServer;
  private final Outstanding outstanding = new Outstanding();
  private State state;
  private boolean clientEnded;
  private boolean serverEnded;

  private ProxyConnection(
      SocketChannel client, SocketChannel server, Selector selector, ProxyRules rules, Tally tally)
      throws IOException {
    this.client = client;
    this.server = server;
    this.rules = rules;
    overall = tally;
    toClient = new Flow(client);
    toServer = new Flow(server);
    clientKey = client.register(selector, 0, this);
    serverKey = server.register(selector, 0, this);
    state = rules.isSilent() ? State.SILENT : State.OPEN;
  }

  /** Takes a client in; unless everything is silent, connecting to the server begins. */
  public static ProxyConnection open(
      SocketChannel client,
      InetSocketAddress target,
      Selector selector,
      ProxyRules rules,
      Tally tally)
      throws IOException {
    SocketChannel server = SocketChannel.open();
    try {
      for (SocketChannel end : new SocketChannel[] {client, server}) {
        end.configureBlocking(false);
        end.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      ProxyConnection connection = new ProxyConnection(client, server, selector, rules, tally);
      if (connection.state == State.OPEN) {
        server.connect(target);
      }
      return connection;
    } catch (IOException e) {
      closeQuietly(client);
      closeQuietly(server);
      throw e;
    }
  }

  public PacketCounts counts() {
    return own.counts();
  }

  public boolean isClosed() {
    return state == State.CLOSED;
  }

  /** Handles what the selector has found at one of the two ends. */
  public void ready(SelectionKey key, ByteBuffer buffer, long now) throws IOException {
    if (!key.isValid()) {
      return;
    }
    if (key.isConnectable()) {
      server.finishConnect();
    }
    if (key.isReadable() && key == clientKey) {
      readClient(buffer, now);
    } else if (key.isReadable()) {
      readServer(buffer, now);
    }
  }

  /** Writes what is due, ends what is over and tells the selector what to wait for next. */
  public void progress(long now) throws IOException {
    if (state == State.SILENT || state == State.CLOSED) {
      return;
    }
    if (server.isConnected()) {
      toServer.write(now);
    }
    if (state == State.DOOMED && outstanding.isEmpty()) {
      state = State.PARTING;
    }
    if (state == State.PARTING) {
      closeQuietly(server);
      toClient.end();
    }
    toClient.write(now);
    if (state == State.FADING && outstanding.isEmpty() && toClient.isEmpty()) {
      state = State.SILENT;
    }
    if (isOver()) {
      close();
    } else {
      updateInterest();
    }
  }

  /** Nanoseconds until there is something to do without anybody sending anything. */
  public long untilDue(long now) {
    if (state == State.SILENT || state == State.CLOSED) {
      return Long.MAX_VALUE;
    }
    long server = this.server.isConnected() ? toServer.untilDue(now) : Long.MAX_VALUE;
    return Math.min(toClient.untilDue(now), server);
  }

  public void silence() {
    if (state != State.CLOSED) {
      state = State.SILENT;
      updateInterest();
    }
  }

  /** Ends delays; a silent connection is dropped with all that it has swallowed. */
  public void heal(long now) {
    if (state == State.SILENT || state == State.FADING) {
      close();
    } else {
      toClient.hurry(now);
      toServer.hurry(now);
    }
  }

  /** Drops the connection at once; what was under way is lost. */
  public void close() {
    state = State.CLOSED;
    closeQuietly(client);
    closeQuietly(server);
  }

  private void readClient(ByteBuffer buffer, long now) throws IOException {
    int count = client.read(buffer.clear());
    if (count < 0) {
      clientEnded = true;
      toServer.end();
    } else if (state == State.OPEN) {
      overall.bytes(true, count);
      own.bytes(true, count);
      requests.feed(buffer.flip(), packet -> onRequest(packet, now));
    }
  }

  private void readServer(ByteBuffer buffer, long now) throws IOException {
    int count = server.read(buffer.clear());
    if (count < 0) {
      serverEnded = true;
      outstanding.clear();
      toClient.end();
    } else {
      overall.bytes(false, count);
      own.bytes(false, count);
      replies.feed(buffer.flip(), packet -> onReply(packet, now));
    }
  }

  private void onRequest(ByteBuffer packet, long now) {
    if (state != State.OPEN) {
      return;
    }
    if (!requests.isRaw()) {
      Outstanding.Request request = outstanding.read(packet);
      overall.request(request.op());
      own.request(request.op());
      ArmedFault fault = rules.meet(request.op());
      if (fault != null && stopAt(fault, request)) {
        return;
      }
      outstanding.add(request, fault);
    }
    toServer.add(packet, now + rules.requestDelay());
  }

  /** True when the request does not go to the server. */
  private boolean stopAt(ArmedFault fault, Outstanding.Request request) {
    boolean swallowed = fault.kind() != ArmedFault.Kind.CUT_AFTER;
    state = fault.kind() == ArmedFault.Kind.BLACK_HOLE ? State.FADING : State.DOOMED;
    LOG.debug("{}: {}", fault, request);
    if (swallowed) {
      fault.land();
    }
    return swallowed;
  }

  private void onReply(ByteBuffer packet, long now) {
    if (state == State.PARTING) {
      return;
    }
    if (!requests.isRaw()) {
      Outstanding.Answer answer = outstanding.answer(packet);
      if (answer.isEvent()) {
        overall.watchEvent();
        own.watchEvent();
      }
      if (answer.fault().isPresent()) {
        state = State.PARTING;
        answer.fault().get().land();
        return;
      }
    }
    toClient.add(packet, now + rules.replyDelay());
  }

  private boolean isOver() {
    boolean clientTold = toClient.isEnded();
    return state == State.PARTING
        ? clientTold && clientEnded
        : state != State.SILENT && clientTold && toServer.isEnded();
  }

  private void updateInterest() {
    if (clientKey.isValid()) {
      clientKey.interestOps(clientInterest());
    }
    if (serverKey.isValid()) {
      serverKey.interestOps(serverInterest());
    }
  }

  private int clientInterest() {
    boolean listening = state == State.PARTING || (state == State.OPEN && !toServer.isFull());
    int read = listening && !clientEnded ? SelectionKey.OP_READ : 0;
    int write = toClient.isBlocked() ? SelectionKey.OP_WRITE : 0;
    return state == State.SILENT ? 0 : read | write;
  }

  private int serverInterest() {
    if (state == State.SILENT) {
      return 0;
    }
    if (!server.isConnected()) {
      return SelectionKey.OP_CONNECT;
    }
    int read = serverEnded || toClient.isFull() ? 0 : SelectionKey.OP_READ;
    return read | (toServer.isBlocked() ? SelectionKey.OP_WRITE : 0);
  }

  private static void closeQuietly(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing {}", channel, e);
    }
  }
}
