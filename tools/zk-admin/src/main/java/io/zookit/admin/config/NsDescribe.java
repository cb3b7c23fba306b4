package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.NamespaceState;
import picocli.CommandLine.Command;

/** Shows a namespace. */
@Command(
    name = "describe",
    description = "Show what is in force in a namespace, and its policy.",
    footer = {
      "  zookit config ns describe prod/checkout/limits",
      "  zookit config ns describe prod/checkout/limits -o json"
    })
final class NsDescribe extends NamespaceVerb {

  NsDescribe(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    NamespaceState state = state(store);
    shell()
        .output()
        .show(DescriptionDocument.of(state, store.policy(ns())), new DescriptionDocument.Lines());
    return ExitCode.OK;
  }
}
