package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.ReadFailures;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Namespace;
import io.zookit.config.files.ConfigFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    ReadFailures failures = new ReadFailures();
    WantedNamespaces wanted = WantedNamespaces.of(store, namespaces, failures);
    ConfigFolder files = ConfigFolder.at(folder);
    List<FileDocument> documents = new ArrayList<>();
    wanted
        .unreadable()
        .forEach((name, problem) -> documents.add(FileDocument.unreadable(name, problem)));
    for (Namespace ns : wanted.readable()) {
      String name = ns.toString();
      Optional<List<Path>> written = failures.read(name, () -> files.export(store, List.of(ns)));
      written.ifPresentOrElse(
          paths -> paths.forEach(path -> documents.add(FileDocument.of(ns, path))),
          () ->
              documents.add(FileDocument.unreadable(name, String.valueOf(failures.reason(name)))));
    }
    shell().output().list(documents, FileDocument.LAYOUT);
    return failures.code(shell());
  }
}
