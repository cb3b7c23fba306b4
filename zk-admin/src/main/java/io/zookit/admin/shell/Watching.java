package io.zookit.admin.shell;

import io.zookit.core.LiveValue;
import io.zookit.core.SessionState;
import io.zookit.core.Subscription;
import io.zookit.core.ZkClient;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Follows a live value and writes it now and at each change. A verb has it as a field with picocli's {@code @Mixin}. */
public final class Watching {

  @Option(
      names = "--changes",
      paramLabel = "N",
      description = "End after so many changes. Default: at Ctrl-C.")
  private int changes = Integer.MAX_VALUE;

  /** Follows until it is interrupted. */
  public Watching() {}

  /**
   * Follows until it is interrupted, nobody reads any more, or there were enough changes.
   *
   * @throws io.zookit.core.ZkTimeoutException when there is no first value in time
   */
  public <V, T extends Record> ExitCode follow(
      Shell shell,
      ZkClient client,
      LiveValue<V> live,
      Function<? super V, T> document,
      Layout<T> layout)
      throws InterruptedException {
    BlockingQueue<V> values = new LinkedBlockingQueue<>();
    try (Subscription session = client.onSession(new Outages(shell)::tell);
        Subscription change = live.subscribe(values::add)) {
      live.awaitReady(shell.timeout());
      Output output = shell.output();
      for (long written = 0; written <= changes; written++) {
        if (!output.next(document.apply(values.take()), layout)) {
          break;
        }
      }
      return ExitCode.OK;
    }
  }

  /** Tells when what is shown may be old. */
  private static final class Outages {
    private final Shell shell;
    private boolean out;

    Outages(Shell shell) {
      this.shell = shell;
    }

    void tell(io.zookit.core.SessionView session) {
      boolean connected = session.state() == SessionState.CONNECTED;
      if (!connected && !out) {
        shell.say("not connected to ZooKeeper; what is shown may be old");
      } else if (connected && out) {
        shell.say("connected again");
      }
      out = !connected;
    }
  }
}
