package io.zookit.admin.lock;

import io.zookit.admin.shell.ClusterVerb;
import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.core.ZkClient;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.lock.inspect.LockReport;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks the holders of a lock to give it back. */
@Command(
    name = "revoke",
    description = {
      "Ask the holders of a lock to give it back.",
      "Who does not listen keeps it; see `zookit lock break`."
    },
    footer = {
      "  zookit lock revoke stock/sku-42",
      "  zookit lock revoke stock/sku-42 --reason 'maintenance at noon'",
      "  zookit lock revoke workers --number 7"
    })
final class LockRevoke extends ClusterVerb {

  @Parameters(paramLabel = "NAME", description = "The name of the lock.")
  private String name = "";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "What the holders are told. Default: an operator asks for it.")
  private String reason = "an operator asks for it";

  @Option(
      names = "--number",
      paramLabel = "N",
      description = "Of numbered leases, only that of this number.")
  private @Nullable Integer number;

  LockRevoke(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ZkClient client) throws InterruptedException {
    LockInspector inspector = Locks.in(client, shell());
    List<LockReport.Entry> asked = number == null
        ? inspector.revoke(name, reason)
        : inspector.revoke(Locks.ofNumber(inspector.show(name), number), reason);
    if (asked.isEmpty()) {
      throw new CommandException(
          ExitCode.CONFLICT, "lock " + name + ": who held it has left meanwhile; nobody was asked");
    }
    shell()
        .output()
        .show(
            RequestsDocument.of(name, "asked back", asked),
            new RequestsDocument.Lines(Locks.layout(shell())));
    return ExitCode.OK;
  }
}
