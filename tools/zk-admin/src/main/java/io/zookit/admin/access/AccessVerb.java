package io.zookit.admin.access;

import io.zookit.admin.shell.ClusterVerb;
import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.core.AccessControl;
import io.zookit.core.Role;
import io.zookit.core.ZkClient;

/** A command about the access policy of a root. */
abstract class AccessVerb extends ClusterVerb {

  /** The most nodes that are named one by one on a terminal. */
  private static final int MOST_NAMED = 20;

  AccessVerb(Shell shell) {
    super(shell);
  }

  /** Does it. */
  abstract ExitCode run(AccessControl access, ZkClient client) throws InterruptedException;

  @Override
  protected final ExitCode run(ZkClient client) throws InterruptedException {
    return run(AccessControl.in(client).within(shell().timeout()), client);
  }

  static Role role(String name) {
    return Role.named(name)
        .orElseThrow(() -> new CommandException(
            ExitCode.USAGE,
            "ROLE: \"" + name
                + "\" (expected: application, viewer, editor, publisher, operator or admin)"));
  }

  /** Says of each node that was not changed why. */
  final ExitCode notChanged(AccessControl.Survey survey) {
    survey.deviations().stream()
        .limit(MOST_NAMED)
        .forEach(each -> shell().say(each.path() + ": " + each.reason()));
    if (survey.deviations().size() > MOST_NAMED) {
      shell().say("and " + (survey.deviations().size() - MOST_NAMED) + " more");
    }
    return survey.deviations().isEmpty() ? ExitCode.OK : ExitCode.FAILURE;
  }
}
