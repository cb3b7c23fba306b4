package io.zookit.admin.config;

import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Draft;
import picocli.CommandLine.Parameters;

/** A command about one draft. */
abstract class DraftVerb extends NamespaceVerb {

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      arity = "0..1",
      description = "The draft. Default: main.")
  private String name = Given.DRAFT;

  DraftVerb(Shell shell) {
    super(shell);
  }

  /** The draft it is about. */
  final Draft draft(ConfigStore store) throws InterruptedException {
    return draft(store, name);
  }
}
