package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.ReadFailures;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists namespaces. */
@Command(
    name = "list",
    description = "List the namespaces, those that are deleted too.",
    footer = {"  zookit config ns list", "  zookit config ns list prod/ -o name"})
final class NsList extends ConfigVerb {

  @Parameters(paramLabel = "PREFIX", arity = "0..1", description = "What the names begin with.")
  private String prefix = "";

  NsList(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    List<Namespace> namespaces = store.namespaces().stream()
        .filter(ns -> ns.toString().startsWith(prefix))
        .toList();
    if (shell().output().isNamesOnly()) {
      shell().output().names(namespaces.stream().map(Namespace::toString).toList());
      return ExitCode.OK;
    }
    List<NamespaceDocument> documents = new ArrayList<>();
    ReadFailures failures = new ReadFailures();
    for (Namespace ns : namespaces) {
      String name = ns.toString();
      failures
          .read(name, () -> store.state(ns).map(NamespaceDocument::of))
          .orElseGet(() -> Optional.of(
              NamespaceDocument.unreadable(name, String.valueOf(failures.reason(name)))))
          .ifPresent(documents::add);
    }
    shell().output().list(documents, NamespaceDocument.LAYOUT);
    return failures.code(shell());
  }
}
