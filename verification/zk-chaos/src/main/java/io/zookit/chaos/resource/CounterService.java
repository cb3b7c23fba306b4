package io.zookit.chaos.resource;

import io.zookit.core.FencingToken;
import io.zookit.core.Timekeeper;
import io.zookit.core.fence.FenceMode;
import io.zookit.core.fence.MemoryFence;
import io.zookit.core.fence.StaleTokenException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resource that a lock guards: a counter that refuses old tokens at each touch, and next to it one that takes
 * everything, the control.
 *
 * <pre>
 *   READ &lt;client&gt; &lt;token&gt;                        →  &lt;value&gt;|STALE &lt;control&gt;
 *   WRITE &lt;client&gt; &lt;token&gt; &lt;value&gt; &lt;control&gt;     →  OK|STALE
 * </pre>
 */
public final class CounterService implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CounterService.class);
  private static final String RESOURCE = "counter";
  public static final String STALE = "STALE";
  public static final String OK = "OK";

  private final ServerSocket listener;
  private final MemoryFence fence = new MemoryFence();
  private final AtomicLong value = new AtomicLong();
  private final AtomicLong control = new AtomicLong();
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong controlWrites = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong newestAccepted = new AtomicLong();
  private final AtomicReference<@Nullable Consumer<String>> trap = new AtomicReference<>();

  private CounterService(ServerSocket listener) {
    this.listener = listener;
  }

  public static CounterService start() throws IOException {
    CounterService service =
        new CounterService(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    daemon("counter", service::accept);
    return service;
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** The fenced counter. */
  public long value() {
    return value.get();
  }

  /** Returns the number of accepted increments of the fenced counter. */
  public long accepted() {
    return accepted.get();
  }

  /** Returns the time of the newest accepted increment, on the monotonic clock. */
  public long newestAccepted() {
    return newestAccepted.get();
  }

  /** Returns the number of accesses with a stale token. */
  public long refused() {
    return refused.get();
  }

  /** Returns the number of increments of the control that were overwritten by another. */
  public long controlLost() {
    return controlWrites.get() - control.get();
  }

  /**
   * Notifies the consumer of the next client that reads, before that client gets its answer: it is then inside its
   * section.
   */
  public void trapNextReader(Consumer<String> caught) {
    trap.set(caught);
  }

  /** Removes the trap and returns whether no client had been caught in it. */
  public boolean disarm() {
    return trap.getAndSet(null) != null;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        client.setTcpNoDelay(true);
        daemon("counter-client", () -> serve(client));
      } catch (IOException e) {
        log.debug("no more clients", e);
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        BufferedReader in = new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
      OutputStream out = client.getOutputStream();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.write((answer(line.split(" ", -1)) + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (IOException e) {
      log.debug("a client has gone", e);
    }
  }

  private String answer(String... words) {
    FencingToken token = FencingToken.parse(words[2]);
    return words[0].equals("READ")
        ? read(words[1], token)
        : write(token, Long.parseLong(words[3]), Long.parseLong(words[4]));
  }

  private String read(String client, FencingToken token) {
    String answer = admit(token, value::get).map(String::valueOf).orElse(STALE) + " " + control;
    Consumer<String> waiting = trap.getAndSet(null);
    if (waiting != null) {
      waiting.accept(client);
    }
    return answer;
  }

  private String write(FencingToken token, long next, long nextControl) {
    control.set(nextControl);
    controlWrites.incrementAndGet();
    return admit(token, () -> {
              value.set(next);
              accepted.incrementAndGet();
              newestAccepted.set(Timekeeper.system().nanos());
              return next;
            })
            .isPresent()
        ? OK
        : STALE;
  }

  private Optional<Long> admit(FencingToken token, Supplier<Long> touch) {
    try {
      return Optional.of(fence.guard(RESOURCE, token, FenceMode.EXCLUSIVE, touch));
    } catch (StaleTokenException e) {
      refused.incrementAndGet();
      return Optional.empty();
    }
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
