package io.zookit.admin.lock;

import io.zookit.admin.shell.ClusterVerb;
import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.core.ZkClient;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.lock.inspect.LockNotFoundException;
import io.zookit.lock.inspect.LockReport;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a lock from its holders. */
@Command(
    name = "break",
    description = {
      "Take a lock from its holders, who are told.",
      "They may go on for a while; only what checks their token is safe from them. Whoever gets the",
      "lock after you were asked is left alone."
    },
    footer = {
      "  zookit lock break stock/sku-42",
      "  zookit lock break stock/sku-42 --dry-run",
      "  zookit lock break stock/sku-42 --yes",
      "  zookit lock break workers --number 7"
    })
final class LockBreak extends ClusterVerb {

  @Parameters(paramLabel = "NAME", description = "The name of the lock.")
  private String name = "";

  @Option(
      names = "--number",
      paramLabel = "N",
      description = "Of numbered leases, only that of this number.")
  private @Nullable Integer number;

  @Mixin
  private Consent consent = new Consent();

  LockBreak(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ZkClient client) throws InterruptedException {
    LockInspector inspector = Locks.in(client, shell());
    LockReport seen = inspector.show(name);
    if (seen.holders().isEmpty()) {
      throw new LockNotFoundException("lock " + name + ": no holder is known");
    }
    LockReport chosen = number == null ? seen : Locks.ofNumber(seen, number);
    String held = LockDocument.of(chosen).heldBy();
    String what = number == null ? name : name + " number " + number;
    if (consent.isGiven(shell(), "break lock " + what + ", held by " + held)) {
      report(inspector.breakLock(chosen));
    }
    return ExitCode.OK;
  }

  private void report(List<LockReport.Entry> broken) {
    if (broken.isEmpty()) {
      throw new CommandException(
          ExitCode.CONFLICT,
          "lock " + name + ": who held it has left meanwhile; nobody was removed");
    }
    shell()
        .output()
        .show(
            RequestsDocument.of(name, "broken", broken),
            new RequestsDocument.Lines(Locks.layout(shell())));
  }
}
