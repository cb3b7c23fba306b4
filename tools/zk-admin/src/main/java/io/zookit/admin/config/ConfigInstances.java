package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import java.util.List;
import picocli.CommandLine.Command;

/** Lists what live instances have. */
@Command(
    name = "instances",
    description = "List the live instances that follow a namespace, and what they say they have.",
    footer = "  zookit config instances prod/checkout/limits")
final class ConfigInstances extends NamespaceVerb {

  ConfigInstances(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    state(store);
    List<InstanceDocument> instances =
        store.instances(ns()).stream().map(InstanceDocument::of).toList();
    shell().output().list(instances, InstanceDocument.LAYOUT);
    return ExitCode.OK;
  }
}
