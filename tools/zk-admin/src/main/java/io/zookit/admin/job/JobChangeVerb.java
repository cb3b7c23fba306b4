package io.zookit.admin.job;

import io.zookit.admin.shell.Shell;
import io.zookit.core.ZkClient;
import picocli.CommandLine.Mixin;

/** A command that changes one job, for a reason. */
abstract class JobChangeVerb extends OneJobVerb {

  @Mixin
  private ChangeReason reason = new ChangeReason();

  JobChangeVerb(Shell shell) {
    super(shell);
  }

  /** The reason; empty for none. */
  final String reason() {
    return reason.message();
  }

  @Override
  final void onConnected(ZkClient client) {
    reason.sign(client);
  }
}
