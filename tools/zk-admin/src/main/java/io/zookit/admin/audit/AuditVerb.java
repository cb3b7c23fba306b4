package io.zookit.admin.audit;

import io.zookit.admin.shell.ClusterVerb;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.core.ZkClient;
import io.zookit.core.audit.AuditLog;

/** A command about the audit of a root. */
abstract class AuditVerb extends ClusterVerb {

  AuditVerb(Shell shell) {
    super(shell);
  }

  /** Does it. */
  abstract ExitCode run(AuditLog audit) throws InterruptedException;

  @Override
  protected final ExitCode run(ZkClient client) throws InterruptedException {
    return run(AuditLog.in(client).within(shell().timeout()));
  }
}
