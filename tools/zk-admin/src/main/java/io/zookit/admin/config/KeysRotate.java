package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Wraps the data keys of an environment again, with the current key. */
@Command(
    name = "rotate",
    description = {
      "Wrap all data keys of an environment with the current key of --keys; no release changes.",
      "With --data: make a new data key that seals from now on."
    },
    footer = {
      "  zookit config keys rotate prod --keys ~/.zookit-keys",
      "  zookit config keys rotate prod --keys ~/.zookit-keys --data"
    })
final class KeysRotate extends ConfigVerb {

  @Parameters(paramLabel = "ENV", description = "The environment.")
  private String env = "";

  @Option(names = "--data", description = "Make a new data key.")
  private boolean data;

  KeysRotate(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    if (data) {
      shell().say("data key " + store.maintenance().newDataKey(env) + " seals from now on");
    } else {
      shell().say(store.maintenance().rotateKeys(env) + " data keys are wrapped anew");
    }
    return ExitCode.OK;
  }
}
