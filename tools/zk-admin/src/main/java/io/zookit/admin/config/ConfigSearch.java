package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.ReadFailures;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Environments;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Searches a key over namespaces. */
@Command(
    name = "search",
    description = {
      "Search a key in the stable and gray releases of all namespaces. Secrets are hidden.",
      "What cannot be read is a row with the reason; then the exit code is 1."
    },
    footer = {"  zookit config search max-orders", "  zookit config search 'db.*' prod/ -o json"})
final class ConfigSearch extends ConfigVerb {

  @Parameters(
      index = "0",
      paramLabel = "KEY",
      description = "The key; * stands for any characters.")
  private String key = "";

  @Parameters(
      index = "1",
      paramLabel = "PREFIX",
      arity = "0..1",
      description = "What the names of the namespaces begin with.")
  private String prefix = "";

  ConfigSearch(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    Environments.KeySearch search = store.environments().search(key, prefix);
    ReadFailures failures = new ReadFailures();
    List<KeyMatchDocument> rows = new ArrayList<>();
    search.matches().forEach(match -> rows.add(KeyMatchDocument.of(match)));
    for (ConfigStore.Unreadable each : search.unreadable()) {
      failures.add(each.name(), each.reason());
      rows.add(KeyMatchDocument.unreadable(each));
    }
    shell().output().list(rows, KeyMatchDocument.LAYOUT);
    return failures.code(shell());
  }
}
