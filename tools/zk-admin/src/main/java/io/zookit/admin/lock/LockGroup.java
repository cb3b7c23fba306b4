package io.zookit.admin.lock;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Group;
import io.zookit.admin.shell.Shell;
import io.zookit.lock.inspect.LockNotFoundException;
import java.util.List;
import java.util.Map;

/** The commands about locks. */
public final class LockGroup {

  private LockGroup() {}

  /** The group, for a shell. */
  public static Group of(Shell shell) {
    return new Group(
        "lock",
        "queues of locks: who holds, who waits; ask for one back, break one",
        List.of(
            new LockList(shell),
            new LockShow(shell),
            new LockWatch(shell),
            new LockRevoke(shell),
            new LockBreak(shell)),
        Map.of(LockNotFoundException.class, ExitCode.NOT_FOUND));
  }
}
