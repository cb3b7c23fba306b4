package io.zookit.admin.command.config;

import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.ReadFailures;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.Layout;
import io.zookit.config.ConfigStore;
import io.zookit.config.Environments;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
final class SearchCommand implements Callable<ExitCode> {

  private final ConfigCommand config;

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

  SearchCommand(ConfigCommand config) {
    this.config = config;
  }

  @Override
  public ExitCode call() throws InterruptedException {
    return config.exitCode(store -> {
      Environments.KeySearch search = store.environments().search(key, prefix);
      ReadFailures failures = new ReadFailures();
      List<KeyMatchDocument> rows = new ArrayList<>();
      search.matches().forEach(match -> rows.add(KeyMatchDocument.of(match)));
      for (ConfigStore.Unreadable each : search.unreadable()) {
        failures.add(each.name(), each.reason());
        rows.add(new KeyMatchDocument(each.name(), 0, "", "", "", false, each.reason()));
      }
      config.context().output().list(rows, KeyMatchDocument.LAYOUT);
      return failures.code(config.context());
    });
  }

  /**
   * A value of a searched key as programs see it.
   *
   * @param namespace the namespace that has the key
   * @param release the release that has it; 0 if the namespace cannot be read
   * @param rule stable, or gray and the name of the gray release
   * @param value the value; hidden if it is secret
   * @param problem why the namespace cannot be read; null if it can
   */
  record KeyMatchDocument(
      String namespace,
      int release,
      String rule,
      String key,
      String value,
      boolean secret,
      @Nullable String problem) {

    static final Layout<KeyMatchDocument> LAYOUT = Layout.of(
        KeyMatchDocument::namespace,
        Column.of("NAMESPACE", KeyMatchDocument::namespace),
        Column.of("RELEASE", each -> each.problem == null ? each.release : ""),
        Column.of("RULE", KeyMatchDocument::rule),
        Column.of("KEY", KeyMatchDocument::key),
        new Column<>("VALUE", KeyMatchDocument::valueOrProblem));

    static KeyMatchDocument of(Environments.KeyMatch match) {
      return new KeyMatchDocument(
          match.namespace().toString(),
          match.release(),
          match.rule(),
          match.key(),
          match.value(),
          match.secret(),
          null);
    }

    private Cell valueOrProblem() {
      return problem == null ? Cell.of(value) : ReadFailures.cell(problem);
    }
  }
}
