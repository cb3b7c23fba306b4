package io.zookit.admin.shell;

import io.zookit.core.ZkClient;

/** A command that asks ZooKeeper. The connection is made before {@link #run(ZkClient)} and closed after it. */
public abstract class ClusterVerb extends Verb {

  /** For a shell. */
  protected ClusterVerb(Shell shell) {
    super(shell);
  }

  /** Does it, connected. */
  protected abstract ExitCode run(ZkClient client) throws InterruptedException;

  @Override
  protected final ExitCode run() throws InterruptedException {
    try (ZkClient client = shell().connect()) {
      return run(client);
    }
  }
}
