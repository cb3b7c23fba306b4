package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.admin.shell.Ticker;
import io.zookit.admin.shell.Times;
import io.zookit.config.ConfigStore;
import io.zookit.config.GrayRelease;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Goes on with a gray release. */
@Command(
    name = "advance",
    description = {
      "Look whether the next step of a gray release may begin, and begin it; behind the last step it is promoted.",
      "When an instance refused it, or --check fails, it is given up and the exit code is 9.",
      "With --drive: look again and again, until it is promoted or given up."
    },
    footer = {
      "  zookit config gray advance prod/checkout/limits sale",
      "  zookit config gray advance prod/checkout/limits sale --drive 10s --check 'curl -fs http://shop/health'"
    })
final class GrayAdvance extends GrayVerb {

  @Option(
      names = "--drive",
      paramLabel = "TIME",
      converter = Times.class,
      description = "Go on to the end, and look each so often.")
  @Nullable
  private Duration interval;

  @Option(
      names = "--check",
      paramLabel = "COMMAND",
      description = "What is run by a shell before each look; healthy when it ends with 0.")
  private String check = "";

  @Mixin
  private ApprovalOptions approvals = new ApprovalOptions();

  @Mixin
  private FreezeOverride freeze = new FreezeOverride();

  GrayAdvance(Shell shell) {
    super(shell);
  }

  @Override
  ApprovalOptions approvals() {
    return approvals;
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    GrayRelease gray = gray(store);
    GrayRelease.Progress progress = interval == null
        ? gray.advance(this::isHealthy, freeze.allow(approvals.applyTo(change())))
        : drive(gray, interval);
    ProgressDocument document =
        new ProgressDocument(ns().toString(), gray.name(), gray.release(), Words.of(progress));
    shell().output().show(document, ProgressDocument.LAYOUT);
    return progress == GrayRelease.Progress.ABORTED ? ExitCode.ABORTED : ExitCode.OK;
  }

  private GrayRelease.Progress drive(GrayRelease gray, Duration pause) throws InterruptedException {
    Ticker ticker = new Ticker(shell());
    try {
      while (true) {
        GrayRelease.Progress progress =
            gray.advance(this::isHealthy, freeze.allow(approvals.applyTo(change())));
        if (progress == GrayRelease.Progress.PROMOTED || progress == GrayRelease.Progress.ABORTED) {
          return progress;
        }
        GrayDocument now = GrayDocument.of(gray);
        ticker.tell("step " + now.step() + " of " + now.steps() + ", applied by " + now.applied()
            + " of " + now.matched().size());
        shell().pause(pause);
      }
    } finally {
      ticker.end();
    }
  }

  private boolean isHealthy() {
    return check.isEmpty() || HealthCommand.isHealthy(check);
  }
}
