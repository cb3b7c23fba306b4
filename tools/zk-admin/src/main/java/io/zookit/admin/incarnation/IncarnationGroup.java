package io.zookit.admin.incarnation;

import io.zookit.admin.shell.Group;
import io.zookit.admin.shell.Shell;
import java.util.List;

/** The commands about the incarnation of a root. */
public final class IncarnationGroup {

  private IncarnationGroup() {}

  /** The group, for a shell. */
  public static Group of(Shell shell) {
    return new Group(
        "incarnation",
        "after data was lost or restored: say that the present data is right",
        List.of(
            new IncarnationShow(shell), new IncarnationRaise(shell), new IncarnationRepair(shell)));
  }
}
