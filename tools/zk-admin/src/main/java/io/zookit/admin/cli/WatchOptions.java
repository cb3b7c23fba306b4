package io.zookit.admin.cli;

import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Output;
import io.zookit.core.LiveValue;
import io.zookit.core.SessionState;
import io.zookit.core.Subscription;
import io.zookit.core.ZkClient;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Follows a live value and writes it now and at each change. A verb has it as a field with picocli's {@code @Mixin}. */
public final class WatchOptions {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Option(
      names = "--changes",
      paramLabel = "N",
      description = "End after so many changes. Default: at Ctrl-C.")
  private int changes = Integer.MAX_VALUE;

  /** Follows until it is interrupted. */
  public WatchOptions() {}

  /**
   * Follows a value until interrupted, until the output can no longer be written, or until enough changes were written.
   *
   * @throws io.zookit.core.ZkTimeoutException if no first value arrives in time
   */
  public <V, T extends Record> ExitCode follow(
      CommandContext context,
      ZkClient client,
      LiveValue<V> live,
      Function<? super V, T> document,
      Layout<T> layout)
      throws InterruptedException {
    BlockingQueue<V> values = new LinkedBlockingQueue<>();
    try (Subscription session = client.onSession(new Outages(context)::tell);
        Subscription change = live.subscribe(values::add)) {
      live.awaitReady(context.timeout());
      Output output = context.output();
      for (long written = 0; written <= changes; written++) {
        if (!output.next(document.apply(values.take()), layout)) {
          break;
        }
      }
      return ExitCode.OK;
    }
  }

  /** Reads the current state of a polled subject. */
  @FunctionalInterface
  public interface Look<T> {

    /** Looks. */
    T now() throws InterruptedException;
  }

  /**
   * Looks at a subject once a second, until interrupted, until the output can no longer be written, or until enough
   * changes were written. For subjects that send no notifications, or that change with the time alone.
   */
  public <T extends Record> ExitCode poll(CommandContext context, Look<T> look, Layout<T> layout)
      throws InterruptedException {
    Output output = context.output();
    T shown = look.now();
    boolean isRead = output.next(shown, layout);
    for (long written = 0; isRead && written < changes; ) {
      context.pause(SECOND);
      T next = look.now();
      if (!next.equals(shown)) {
        shown = next;
        isRead = output.next(next, layout);
        written++;
      }
    }
    return ExitCode.OK;
  }

  /** Tells when what is shown may be old. */
  private static final class Outages {
    private final CommandContext context;
    private boolean out;

    Outages(CommandContext context) {
      this.context = context;
    }

    void tell(io.zookit.core.SessionView session) {
      boolean connected = session.state() == SessionState.CONNECTED;
      if (!connected && !out) {
        context.info("not connected to ZooKeeper; what is shown may be old");
      } else if (connected && out) {
        context.info("connected again");
      }
      out = !connected;
    }
  }
}
