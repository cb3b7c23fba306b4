package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Maintenance;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes everything to a file. */
@Command(
    name = "backup",
    description =
        "Write everything there is to a file, or to the standard output. Secrets stay sealed.",
    footer = {
      "  zookit config backup config.backup",
      "  zookit config backup - | gzip > config.backup.gz"
    })
final class ConfigBackup extends ConfigVerb {

  @Parameters(
      paramLabel = "FILE",
      description = "The file, which must not be there; - for the standard output.")
  private String file = "";

  ConfigBackup(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    if (file.equals("-")) {
      Maintenance.Saved saved = store.maintenance().backup(shell().bytes());
      shell().say(saved.nodes() + " nodes are saved");
      return code(saved);
    }
    Path path = Path.of(file);
    if (Files.exists(path)) {
      throw new CommandException(ExitCode.CONFLICT, path + ": is there already");
    }
    Maintenance.Saved saved = save(store, path, Path.of(file + ".part"));
    shell().say(saved.nodes() + " nodes are saved in " + path);
    return code(saved);
  }

  /** A backup without something is better than none, and no success. */
  private ExitCode code(Maintenance.Saved saved) {
    saved
        .unreadable()
        .forEach(each -> shell().say("not saved: " + each.name() + " (" + each.reason() + ")"));
    return saved.unreadable().isEmpty() ? ExitCode.OK : ExitCode.FAILURE;
  }

  /** Writes the backup to a part file and renames it, so that the target is either complete or absent. */
  private Maintenance.Saved save(ConfigStore store, Path path, Path part)
      throws InterruptedException {
    try {
      Maintenance.Saved saved = write(store, part);
      Files.move(part, path);
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
      shell().say(part + ": cannot be deleted (" + e.getMessage() + ")");
    }
  }
}
