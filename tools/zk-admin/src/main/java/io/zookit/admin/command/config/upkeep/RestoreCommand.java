package io.zookit.admin.command.config.upkeep;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.Confirmation;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.command.config.ApprovalOptions;
import io.zookit.admin.command.config.ChangeOptions;
import io.zookit.admin.command.config.ConfigCommand;
import io.zookit.admin.output.DisplayText;
import io.zookit.config.ConfigStore;
import io.zookit.config.Namespace;
import java.io.IOException;
import java.io.InputStream;
import java.io.StreamCorruptedException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Restores a backup. */
@Command(
    name = "restore",
    description = {
      "Restore the namespaces of a backup, each under a new epoch, so that clients take it.",
      "Releases that exist stay."
    },
    footer = {
      "  zookit config restore config.backup",
      "  gunzip < config.backup.gz | zookit config restore - --yes"
    })
public final class RestoreCommand implements Callable<ExitCode> {

  private final ConfigCommand config;

  @Parameters(paramLabel = "FILE", description = "The file; - for the standard input.")
  private String file = "";

  @Mixin
  private Confirmation consent = new Confirmation();

  @Mixin
  private ChangeOptions options = new ChangeOptions();

  @Mixin
  private ApprovalOptions approvals = new ApprovalOptions();

  RestoreCommand(ConfigCommand config) {
    this.config = config;
  }

  @Override
  public ExitCode call() throws InterruptedException {
    config.withStore(approvals, store -> {
      if (consent.isGiven(
          config.context(), "put what is in force back to what " + file + " says")) {
        restore(store);
      }
    });
    return ExitCode.OK;
  }

  private void restore(ConfigStore store) throws InterruptedException {
    CommandContext context = config.context();
    try (InputStream in = input()) {
      List<Namespace> restored =
          store.maintenance().restore(in, approvals.applyTo(options.change(context)));
      context.output().names(restored.stream().map(Namespace::toString).toList());
      context.info("restored " + DisplayText.count(restored.size(), "namespace"));
    } catch (UncheckedIOException | IOException e) {
      throw unreadable(e);
    }
  }

  private CommandException unreadable(Exception e) {
    Throwable cause = e.getCause();
    Throwable reason = e instanceof UncheckedIOException && cause != null ? cause : e;
    ExitCode code =
        reason instanceof StreamCorruptedException ? ExitCode.REJECTED : ExitCode.FAILURE;
    return new CommandException(
        code, file + ": cannot be read (" + reason.getMessage() + "); nothing was written", e);
  }

  private InputStream input() throws IOException {
    if (file.equals("-")) {
      return config.context().environment().in();
    }
    try {
      return Files.newInputStream(Path.of(file));
    } catch (NoSuchFileException e) {
      throw new CommandException(ExitCode.NOT_FOUND, file + ": there is no such file", e);
    }
  }
}
