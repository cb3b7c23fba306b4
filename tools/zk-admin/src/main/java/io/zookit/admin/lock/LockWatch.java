package io.zookit.admin.lock;

import io.zookit.admin.shell.ClusterVerb;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.admin.shell.Watching;
import io.zookit.core.LiveValue;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.lock.inspect.LockReport;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Follows the queue of a lock. */
@Command(
    name = "watch",
    description = "Follow the queue of a lock until Ctrl-C: it now, and each change.",
    footer = {
      "  zookit lock watch stock/sku-42",
      "  zookit lock watch stock/sku-42 -o json --changes 1"
    })
final class LockWatch extends ClusterVerb {

  @Parameters(paramLabel = "NAME", description = "The name of the lock; nobody needs to hold it.")
  private String name = "";

  @Mixin
  private Watching watching = new Watching();

  LockWatch(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ZkClient client) throws InterruptedException {
    Timekeeper timekeeper = shell().surroundings().timekeeper();
    try (LiveValue<LockReport> live = Locks.in(client, shell()).watch(name)) {
      return watching.follow(
          shell(),
          client,
          live,
          report -> new LockMoment(
              timekeeper.now().truncatedTo(ChronoUnit.MILLIS), LockDocument.of(report)),
          new LockMoment.Line(Locks.layout(shell())));
    }
  }
}
