package io.zookit.admin.job;

import io.zookit.admin.shell.ClusterVerb;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.core.ZkClient;
import io.zookit.scheduler.JobLedger;

/** A command about the jobs of a cluster. */
abstract class JobVerb extends ClusterVerb {

  JobVerb(Shell shell) {
    super(shell);
  }

  /** Does it. */
  protected abstract ExitCode run(JobLedger ledger) throws InterruptedException;

  /** Called with the client before the command is run. */
  void onConnected(ZkClient client) {}

  @Override
  protected final ExitCode run(ZkClient client) throws InterruptedException {
    onConnected(client);
    return run(JobLedger.in(client));
  }
}
