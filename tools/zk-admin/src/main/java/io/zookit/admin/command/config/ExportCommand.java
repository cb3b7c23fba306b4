package io.zookit.admin.command.config;

import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.ReadFailures;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Style;
import io.zookit.config.Namespace;
import io.zookit.config.files.ConfigFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes stable contents into a folder. */
@Command(
    name = "export",
    description = {
      "Write the stable contents of namespaces into a folder, one file each; all, unless some are named.",
      "Secrets stay sealed. Files of deleted namespaces, and of a former format of one, are removed; others stay."
    },
    footer = {
      "  zookit config export --to config/",
      "  zookit config export prod/checkout/limits --to config/"
    })
final class ExportCommand implements Callable<ExitCode> {

  private final ConfigCommand config;

  @Parameters(
      paramLabel = "NS",
      arity = "0..*",
      converter = NamespaceArgument.NamespaceConverter.class,
      description = "The namespaces.")
  private List<Namespace> namespaces = List.of();

  @Option(names = "--to", paramLabel = "DIR", required = true, description = "The folder.")
  private Path folder = Path.of("");

  ExportCommand(ConfigCommand config) {
    this.config = config;
  }

  @Override
  public ExitCode call() throws InterruptedException {
    return config.exitCode(store -> {
      ReadFailures failures = new ReadFailures();
      WantedNamespaces wanted = WantedNamespaces.of(store, namespaces, failures);
      List<FileDocument> documents = new ArrayList<>();
      wanted
          .unreadable()
          .forEach((name, problem) -> documents.add(new FileDocument(null, name, problem)));
      ConfigFolder files = ConfigFolder.at(folder);
      for (Namespace ns : wanted.readable()) {
        String name = ns.toString();
        List<Path> earlier = files.files(ns);
        failures
            .read(name, () -> files.export(store, List.of(ns)))
            .ifPresentOrElse(
                paths -> paths.forEach(
                    path -> documents.add(new FileDocument(path.toString(), name, null))),
                () -> documents.add(new FileDocument(null, name, failures.reason(name))));
        List<Path> left = files.files(ns);
        earlier.stream()
            .filter(file -> !left.contains(file))
            .forEach(file -> config.context().info("removed " + file + ", which is out of date"));
      }
      config.context().output().list(documents, FileDocument.LAYOUT);
      return failures.code(config.context());
    });
  }

  /**
   * A file that was written, or could not be because its namespace cannot be read.
   *
   * @param file its path; null if it was not written
   * @param namespace whose content it has
   * @param problem why the namespace cannot be read; null if it can
   */
  record FileDocument(
      @Nullable String file, String namespace, @Nullable String problem) {

    static final Layout<FileDocument> LAYOUT = Layout.of(
        document -> document.file == null ? document.namespace : document.file,
        new Column<>("FILE", FileDocument::fileOrProblem));

    private Cell fileOrProblem() {
      return file == null
          ? new Cell(namespace + " cannot be read: " + problem, Style.BAD)
          : Cell.of(file);
    }
  }
}
