package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.ReadFailures;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists namespaces. */
@Command(
    name = "list",
    description = {
      "List the namespaces, those that are deleted too.",
      "What cannot be read is a row with the reason; then the exit code is 1."
    },
    footer = {"  zookit config ns list", "  zookit config ns list prod/ -o name"})
final class NsList extends ConfigVerb {

  @Parameters(paramLabel = "PREFIX", arity = "0..1", description = "What the names begin with.")
  private String prefix = "";

  NsList(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    ConfigStore.Inventory all = store.inventory();
    ReadFailures failures = new ReadFailures();
    all.unreadable().stream()
        .filter(each -> each.name().startsWith(prefix))
        .forEach(each -> failures.add(each.name(), each.reason()));
    List<NamespaceDocument> documents = Stream.concat(
            all.namespaces().stream().map(NamespaceDocument::of),
            all.unreadable().stream()
                .map(each -> NamespaceDocument.unreadable(each.name(), each.reason())))
        .filter(each -> each.namespace().startsWith(prefix))
        .sorted(Comparator.comparing(NamespaceDocument::namespace))
        .toList();
    shell().output().list(documents, NamespaceDocument.LAYOUT);
    return failures.code(shell());
  }
}
