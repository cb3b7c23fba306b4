package io.zookit.admin.config;

import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.GrayRelease;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Gives a gray release up. */
@Command(
    name = "abort",
    description = "Give a gray release up; everybody goes back to the stable release.",
    footer = "  zookit config gray abort prod/checkout/limits trial -m 'orders fail' --yes")
final class GrayAbort extends GrayVerb {

  @Mixin
  private Consent consent = new Consent();

  GrayAbort(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    GrayRelease gray = gray(store);
    int matched = gray.status().matched().size();
    String what = "give up gray release " + gray.name() + " of " + ns() + ", which reaches "
        + matched + " live instances";
    if (consent.isGiven(shell(), what)) {
      gray.abandon(change());
      shell()
          .say("gray release " + gray.name() + " is given up; its content stays as release "
              + gray.release() + ": zookit config get " + ns() + " -r " + gray.release());
    }
    return ExitCode.OK;
  }
}
