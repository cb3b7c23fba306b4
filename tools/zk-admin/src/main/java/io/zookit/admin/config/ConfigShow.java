package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows a release. */
@Command(
    name = "show",
    description = "Show what is known of a release; its content is shown by `zookit config get`.",
    footer = {
      "  zookit config show prod/checkout/limits 57",
      "  zookit config show prod/checkout/limits @gray/trial"
    })
final class ConfigShow extends NamespaceVerb {

  @Parameters(
      index = "1",
      paramLabel = "REL",
      description = "The release: 57, @stable, @stable~1, @gray/NAME.")
  private String name = "";

  ConfigShow(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    shell().output().show(ReleaseDocument.of(release(store, name)), ReleaseDocument.LAYOUT);
    return ExitCode.OK;
  }
}
