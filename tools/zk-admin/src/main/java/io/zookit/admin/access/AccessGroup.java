package io.zookit.admin.access;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Group;
import io.zookit.admin.shell.Shell;
import io.zookit.core.AccessControl;
import java.util.List;
import java.util.Map;

/** The commands about the access policy of a root. */
public final class AccessGroup {

  private AccessGroup() {}

  /** The group, for a shell. */
  public static Group of(Shell shell) {
    return new Group(
        "access",
        "which identities play which role, for all modules, and the access lists of the nodes",
        List.of(
            new AccessInit(shell),
            new AccessShow(shell),
            new AccessGrant(shell),
            new AccessRevoke(shell),
            new AccessApply(shell),
            new AccessIdentity(shell)),
        Map.of(AccessControl.RefusedException.class, ExitCode.REJECTED));
  }
}
