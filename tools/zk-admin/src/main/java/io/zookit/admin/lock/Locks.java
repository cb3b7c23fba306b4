package io.zookit.admin.lock;

import io.zookit.admin.shell.Ages;
import io.zookit.admin.shell.Shell;
import io.zookit.core.ZkClient;
import io.zookit.lock.inspect.LockInspector;

/** What the commands about locks share. */
final class Locks {

  private Locks() {}

  static LockInspector in(ZkClient client, Shell shell) {
    return LockInspector.in(client).withPatience(shell.timeout());
  }

  static LockLayout layout(Shell shell) {
    return new LockLayout(new Ages(shell.surroundings().timekeeper()));
  }
}
