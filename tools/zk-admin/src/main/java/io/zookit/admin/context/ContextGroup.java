package io.zookit.admin.context;

import io.zookit.admin.shell.Group;
import io.zookit.admin.shell.Shell;
import java.util.List;

/** The commands about contexts. */
public final class ContextGroup {

  private ContextGroup() {}

  /** The group, for a shell. */
  public static Group of(Shell shell) {
    return new Group(
        "context",
        "connections under names, in ~/.config/zookit/config.yaml",
        List.of(
            new ContextList(shell),
            new ContextShow(shell),
            new ContextAdd(shell),
            new ContextUse(shell),
            new ContextRemove(shell)));
  }
}
