package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists data keys. */
@Command(
    name = "list",
    description = "List the data keys of an environment, oldest first; the last one seals.",
    footer = "  zookit config keys list prod")
final class KeysList extends ConfigVerb {

  @Parameters(paramLabel = "ENV", description = "The environment.")
  private String env = "";

  KeysList(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    List<KeyDocument> found =
        store.maintenance().keys(env).stream().map(KeyDocument::of).toList();
    shell().output().list(found, KeyDocument.LAYOUT);
    return ExitCode.OK;
  }
}
