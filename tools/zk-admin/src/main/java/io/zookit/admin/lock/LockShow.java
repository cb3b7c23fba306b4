package io.zookit.admin.lock;

import io.zookit.admin.shell.ClusterVerb;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.core.ZkClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the queue of a lock. */
@Command(
    name = "show",
    description =
        "Show the queue of a lock: who holds it, who waits, since when, with which token.",
    footer = {"  zookit lock show stock/sku-42", "  zookit lock show stock/sku-42 -o json"})
final class LockShow extends ClusterVerb {

  @Parameters(paramLabel = "NAME", description = "The name of the lock.")
  private String name = "";

  LockShow(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ZkClient client) throws InterruptedException {
    LockDocument lock = LockDocument.of(Locks.in(client, shell()).show(name));
    shell().output().show(lock, Locks.layout(shell()));
    return ExitCode.OK;
  }
}
