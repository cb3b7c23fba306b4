package io.zookit.admin.lock;

import io.zookit.admin.shell.ClusterVerb;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Output;
import io.zookit.admin.shell.Shell;
import io.zookit.core.ZkClient;
import io.zookit.lock.inspect.LockInspector;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists the locks that are held or waited for. */
@Command(
    name = "list",
    description = "List the locks that somebody holds or waits for.",
    footer = {
      "  zookit lock list",
      "  zookit lock list stock/                only those whose names begin so",
      "  zookit lock list -o name"
    })
final class LockList extends ClusterVerb {

  @Parameters(paramLabel = "PREFIX", arity = "0..1", description = "What the names begin with.")
  private String prefix = "";

  LockList(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ZkClient client) throws InterruptedException {
    LockInspector inspector = Locks.in(client, shell());
    List<String> names =
        inspector.list().stream().filter(name -> name.startsWith(prefix)).toList();
    Output output = shell().output();
    if (output.isNamesOnly()) {
      output.names(names);
    } else {
      List<LockDocument> locks =
          inspector.showAll(names).stream().map(LockDocument::of).toList();
      output.list(locks, Locks.layout(shell()));
    }
    return ExitCode.OK;
  }
}
