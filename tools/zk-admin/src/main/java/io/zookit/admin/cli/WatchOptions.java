package io.zookit.admin.cli;

import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Output;
import io.zookit.core.LiveValue;
import io.zookit.core.SessionState;
import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Follows a live value and writes it now and at each change. A verb has it as a field with picocli's {@code @Mixin}. */
public final class WatchOptions {

  @Option(
      names = "--changes",
      paramLabel = "N",
      description = "End after N changes. Default: at Ctrl-C.")
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

  /** A document that is composed of several live values, and may also change at a known time. */
  public interface Composed<T extends Record> {

    /** Subscribes to each value; a subscription calls back now or at the next change. */
    List<Subscription> subscribe(Runnable changed);

    /** Returns the document by what is known now. */
    T document();

    /** Returns the next time at which it changes with no change of a value. */
    default Optional<Instant> nextChange() {
      return Optional.empty();
    }
  }

  /**
   * Follows a document until interrupted, until the output can no longer be written, or until enough changes were written.
   * The values behind it must be ready.
   */
  public <T extends Record> ExitCode follow(
      CommandContext context, ZkClient client, Composed<T> composed, Layout<T> layout)
      throws InterruptedException {
    BlockingQueue<Boolean> changed = new ArrayBlockingQueue<>(1);
    Output output = context.output();
    List<Subscription> subscriptions = composed.subscribe(() -> changed.offer(true));
    try (Subscription session = client.onSession(new Outages(context)::tell)) {
      T shown = composed.document();
      boolean isRead = output.next(shown, layout);
      for (long written = 0; isRead && written < changes; ) {
        await(context, changed, composed.nextChange());
        T next = composed.document();
        if (!next.equals(shown)) {
          shown = next;
          isRead = output.next(next, layout);
          written++;
        }
      }
      return ExitCode.OK;
    } finally {
      subscriptions.forEach(Subscription::close);
    }
  }

  private static void await(
      CommandContext context, BlockingQueue<Boolean> changed, Optional<Instant> at)
      throws InterruptedException {
    if (at.isEmpty()) {
      changed.take();
      return;
    }
    Timekeeper timekeeper = context.environment().timekeeper();
    Duration left = Duration.between(timekeeper.now(), at.get());
    Subscription timer =
        timekeeper.after(left.isNegative() ? Duration.ZERO : left, () -> changed.offer(true));
    try {
      changed.take();
    } finally {
      timer.close();
    }
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
