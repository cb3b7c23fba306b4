package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists the instances that run a release. */
@Command(
    name = "who",
    description = {
      "List the live instances that run a release of a namespace.",
      "What all instances have: `zookit config instances`."
    },
    footer = {
      "  zookit config who prod/checkout/limits",
      "  zookit config who prod/checkout/limits 56 -o name"
    })
final class ConfigWho extends NamespaceVerb {

  @Parameters(
      index = "1",
      paramLabel = "REL",
      arity = "0..1",
      description = "The release: 57, @stable, @stable~1, @gray/NAME. Default: @stable.")
  private String name = "@stable";

  ConfigWho(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    state(store);
    int release = release(store, name).number();
    List<InstanceDocument> instances = store.instances(ns()).stream()
        .filter(each -> each.release() == release)
        .map(InstanceDocument::of)
        .toList();
    shell().output().list(instances, InstanceDocument.LAYOUT);
    return ExitCode.OK;
  }
}
