package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.admin.shell.Watching;
import io.zookit.config.ConfigStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Follows what is in force. */
@Command(
    name = "watch",
    description = {
      "Follow what is in force in a namespace until Ctrl-C: it now, and each change.",
      "It asks once a second, and is no instance that anybody waits for."
    },
    footer = {
      "  zookit config watch prod/checkout/limits",
      "  zookit config watch prod/checkout/limits -o json --changes 1"
    })
final class ConfigWatch extends NamespaceVerb {

  @Mixin
  private Watching watching = new Watching();

  ConfigWatch(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    return watching.poll(
        shell(), () -> NamespaceDocument.of(state(store)), NamespaceDocument.LAYOUT);
  }
}
