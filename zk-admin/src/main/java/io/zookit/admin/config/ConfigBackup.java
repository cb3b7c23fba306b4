package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import java.io.IOException;
import java.io.OutputStream;
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
      int nodes = store.upkeep().backup(shell().surroundings().out());
      shell().say(nodes + " nodes are saved");
      return ExitCode.OK;
    }
    Path path = Path.of(file);
    if (Files.exists(path)) {
      throw new CommandException(ExitCode.CONFLICT, path + ": is there already");
    }
    Path part = Path.of(file + ".part");
    try (OutputStream out = Files.newOutputStream(part)) {
      int nodes = store.upkeep().backup(out);
      Files.move(part, path);
      shell().say(nodes + " nodes are saved in " + path);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILURE, path + ": cannot be written (" + e.getMessage() + ")", e);
    }
    return ExitCode.OK;
  }
}
