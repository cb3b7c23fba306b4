package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.GrayRelease;
import picocli.CommandLine.Command;

/** Holds a gray release. */
@Command(
    name = "pause",
    description = "Hold a gray release at its step; the instances that have it keep it.",
    footer = "  zookit config gray pause prod/checkout/limits trial -m 'wait for the night'")
final class GrayPause extends GrayVerb {

  GrayPause(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    GrayRelease gray = gray(store);
    gray.pause(change());
    return show(gray);
  }
}
