package io.zookit.admin.command.config.gray;

import io.zookit.admin.command.config.ApprovalOptions;
import io.zookit.admin.command.config.ChangeOptions;
import io.zookit.admin.command.config.ConfigCommand;
import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.DisplayText;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Shell;
import io.zookit.admin.shell.Ticker;
import io.zookit.admin.shell.Times;
import io.zookit.admin.shell.Tone;
import io.zookit.config.GrayRelease;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Advances a gray release to its next step. */
@Command(
    name = "advance",
    description = {
      "Check whether the next step of a gray release may begin, and begin it; after the last step it is promoted.",
      "If an instance refused it, or --check fails, it is aborted and the exit code is 9.",
      "With --drive: check again and again, until it is promoted or aborted."
    },
    footer = {
      "  zookit config gray advance prod/checkout/limits sale",
      "  zookit config gray advance prod/checkout/limits sale --drive 10s --check 'curl -fs http://shop/health'"
    })
final class GrayAdvanceCommand implements Callable<ExitCode> {

  private final ConfigCommand config;
  private final Shell shell;

  @Mixin
  private GrayCommand.GrayArgument argument = new GrayCommand.GrayArgument();

  @Mixin
  private ChangeOptions options = new ChangeOptions();

  @Option(
      names = "--drive",
      paramLabel = "TIME",
      converter = Times.class,
      description = "Go on to the end, and check every TIME.")
  @Nullable
  private Duration interval;

  @Option(
      names = "--check",
      paramLabel = "COMMAND",
      description = "A shell command that is run before each step; healthy if it exits with 0.")
  private String check = "";

  @Mixin
  private ApprovalOptions approvals = new ApprovalOptions();

  @Mixin
  private ChangeOptions.FreezeOverride freeze = new ChangeOptions.FreezeOverride();

  GrayAdvanceCommand(GrayCommand gray) {
    this.config = gray.config();
    this.shell = gray.shell();
  }

  @Override
  public ExitCode call() throws InterruptedException {
    AtomicReference<GrayRelease.Progress> progress =
        new AtomicReference<>(GrayRelease.Progress.HOLDING);
    config.withStore(approvals, store -> {
      GrayRelease gray = argument.of(store);
      progress.set(interval == null ? advance(gray) : drive(gray, interval));
      ProgressDocument document = new ProgressDocument(
          argument.ns().toString(),
          gray.name(),
          gray.release(),
          DisplayText.of(progress.get()));
      shell.output().show(document, ProgressDocument.LAYOUT);
    });
    return progress.get() == GrayRelease.Progress.ABORTED ? ExitCode.ABORTED : ExitCode.OK;
  }

  private GrayRelease.Progress advance(GrayRelease gray) throws InterruptedException {
    return gray.advance(
        this::isHealthy, freeze.applyTo(approvals.applyTo(options.change(shell))));
  }

  private GrayRelease.Progress drive(GrayRelease gray, Duration pause) throws InterruptedException {
    Ticker ticker = new Ticker(shell);
    try {
      while (true) {
        GrayRelease.Progress progress = advance(gray);
        if (progress == GrayRelease.Progress.PROMOTED || progress == GrayRelease.Progress.ABORTED) {
          return progress;
        }
        GrayDocument now = GrayDocument.of(gray);
        ticker.tell("step " + now.step() + " of " + now.steps() + ", applied by " + now.applied()
            + " of " + now.matched().size());
        shell.pause(pause);
      }
    } finally {
      ticker.end();
    }
  }

  /** Runs the user's command, which says by its exit code whether all is well. */
  private boolean isHealthy() {
    if (check.isEmpty()) {
      return true;
    }
    try {
      Process process = new ProcessBuilder("/bin/sh", "-c", check)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
      process.getOutputStream().close();
      return process.waitFor() == 0;
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILURE, "--check: cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.CANCELLED, "--check: interrupted", e);
    }
  }

  /**
   * The result of an advance, as programs see it.
   *
   * @param progress holding, stepped, promoted or aborted
   */
  record ProgressDocument(String namespace, String name, int release, String progress) {

    static final Layout<ProgressDocument> LAYOUT = Layout.of(
        ProgressDocument::name,
        Column.of("GRAY", ProgressDocument::name),
        Column.of("RELEASE", ProgressDocument::release),
        new Column<>("PROGRESS", each -> new Cell(each.progress, tone(each.progress))));

    private static Tone tone(String progress) {
      return switch (progress) {
        case "aborted" -> Tone.BAD;
        case "holding" -> Tone.ODD;
        default -> Tone.GOOD;
      };
    }
  }
}
