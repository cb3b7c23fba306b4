package io.zookit.admin.command.config.gray;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.DurationConverter;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.ProgressLine;
import io.zookit.admin.command.config.ApprovalOptions;
import io.zookit.admin.command.config.ChangeOptions;
import io.zookit.admin.command.config.ConfigCommand;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Style;
import io.zookit.config.GrayRelease;
import io.zookit.views.GrayShape;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
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
  private final CommandContext context;
  private GrayRelease.Progress progress = GrayRelease.Progress.HOLDING;

  @Mixin
  private GrayCommand.GrayArgument argument = new GrayCommand.GrayArgument();

  @Mixin
  private ChangeOptions options = new ChangeOptions();

  @Option(
      names = "--drive",
      paramLabel = "TIME",
      converter = DurationConverter.class,
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
    this.context = gray.context();
  }

  @Override
  public ExitCode call() throws InterruptedException {
    config.withStore(approvals, store -> {
      GrayRelease gray = argument.of(store);
      progress = interval == null ? advance(gray) : drive(gray, interval);
      ProgressDocument document = new ProgressDocument(
          argument.ns().toString(), gray.name(), gray.release(), DisplayText.of(progress));
      context.output().show(document, ProgressDocument.LAYOUT);
    });
    return progress == GrayRelease.Progress.ABORTED ? ExitCode.ABORTED : ExitCode.OK;
  }

  private GrayRelease.Progress advance(GrayRelease gray) throws InterruptedException {
    return gray.advance(
        this::isHealthy, freeze.applyTo(approvals.applyTo(options.change(context))));
  }

  private GrayRelease.Progress drive(GrayRelease gray, Duration pause) throws InterruptedException {
    ProgressLine ticker = new ProgressLine(context);
    try {
      while (true) {
        GrayRelease.Progress step = advance(gray);
        if (step == GrayRelease.Progress.PROMOTED || step == GrayRelease.Progress.ABORTED) {
          return step;
        }
        GrayShape now = GrayShape.of(gray, gray.status());
        ticker.tell("step " + now.step() + " of " + now.steps() + ", applied by " + now.applied()
            + " of " + now.matched().size());
        context.pause(pause);
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
        new Column<>("PROGRESS", each -> new Cell(each.progress, style(each.progress))));

    private static Style style(String progress) {
      return switch (progress) {
        case "aborted" -> Style.BAD;
        case "holding" -> Style.ODD;
        default -> Style.GOOD;
      };
    }
  }
}
