package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Namespace;
import io.zookit.config.files.ConfigFolder;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes stable contents into a folder. */
@Command(
    name = "export",
    description = {
      "Write the stable contents of namespaces into a folder, one file each; all, unless some are named.",
      "Secrets stay sealed."
    },
    footer = {
      "  zookit config export --to config/",
      "  zookit config export prod/checkout/limits --to config/"
    })
final class ConfigExport extends ConfigVerb {

  @Parameters(
      paramLabel = "NS",
      arity = "0..*",
      converter = NamespaceWords.class,
      description = "The namespaces.")
  private List<Namespace> namespaces = List.of();

  @Option(names = "--to", paramLabel = "DIR", required = true, description = "The folder.")
  private Path folder = Path.of("");

  ConfigExport(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    List<Namespace> wanted = namespaces.isEmpty() ? store.namespaces() : namespaces;
    List<Path> written = ConfigFolder.at(folder).export(store, wanted);
    shell().output().list(written.stream().map(FileDocument::of).toList(), FileDocument.LAYOUT);
    return ExitCode.OK;
  }
}
