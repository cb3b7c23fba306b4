package io.zookit.admin.command.config.upkeep;

import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.command.config.ConfigCommand;
import io.zookit.admin.output.DisplayText;
import io.zookit.config.ConfigStore;
import io.zookit.config.Maintenance;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes everything to a file. */
@Command(
    name = "backup",
    description =
        "Write all of the configuration to a file, or to the standard output. Secrets stay sealed.",
    footer = {
      "  zookit config backup config.backup",
      "  zookit config backup - | gzip > config.backup.gz"
    })
public final class BackupCommand implements Callable<ExitCode> {

  private final ConfigCommand config;

  @Parameters(
      paramLabel = "FILE",
      description = "The file, which must not exist; - for the standard output.")
  private String file = "";

  BackupCommand(ConfigCommand config) {
    this.config = config;
  }

  @Override
  public ExitCode call() throws InterruptedException {
    return config.exitCode(store -> code(file.equals("-") ? toOutput(store) : toFile(store)));
  }

  /** A backup without something is better than none, and no success. */
  private ExitCode code(Maintenance.Saved saved) {
    saved
        .unreadable()
        .forEach(each ->
            config.context().info("not saved: " + each.name() + " (" + each.reason() + ")"));
    return saved.unreadable().isEmpty() ? ExitCode.OK : ExitCode.FAILURE;
  }

  private Maintenance.Saved toOutput(ConfigStore store) throws InterruptedException {
    Maintenance.Saved saved = store.maintenance().backup(config.context().bytes());
    config.context().info("saved " + DisplayText.count(saved.nodes(), "node"));
    return saved;
  }

  /** Writes the backup to a part file and renames it, so that the target is either complete or absent. */
  private Maintenance.Saved toFile(ConfigStore store) throws InterruptedException {
    Path path = Path.of(file);
    if (Files.exists(path)) {
      throw new CommandException(ExitCode.CONFLICT, path + ": exists already");
    }
    Path part = Path.of(file + ".part");
    try {
      Maintenance.Saved saved = write(store, part);
      Files.move(part, path);
      config.context().info("saved " + DisplayText.count(saved.nodes(), "node") + " in " + path);
      return saved;
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILURE, path + ": cannot be written (" + e.getMessage() + ")", e);
    } finally {
      remove(part);
    }
  }

  private static Maintenance.Saved write(ConfigStore store, Path part)
      throws IOException, InterruptedException {
    try (FileOutputStream out = new FileOutputStream(part.toFile())) {
      Maintenance.Saved saved = store.maintenance().backup(out);
      out.getFD().sync();
      return saved;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void remove(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      config.context().info(part + ": cannot be deleted (" + e.getMessage() + ")");
    }
  }
}
