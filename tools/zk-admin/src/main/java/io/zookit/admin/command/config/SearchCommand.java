package io.zookit.admin.command.config;

import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.ReadFailures;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.Layout;
import io.zookit.config.Environments;
import io.zookit.views.KeyMatchShape;
import java.util.concurrent.Callable;
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

  private static final Layout<KeyMatchShape> LAYOUT = Layout.of(
      KeyMatchShape::namespace,
      Column.of("NAMESPACE", KeyMatchShape::namespace),
      Column.of("RELEASE", match -> match.problem() == null ? match.release() : ""),
      Column.of("RULE", KeyMatchShape::rule),
      Column.of("KEY", KeyMatchShape::key),
      new Column<>("VALUE", SearchCommand::valueOrProblem));

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
      search.unreadable().forEach(each -> failures.add(each.name(), each.reason()));
      config.context().output().list(KeyMatchShape.of(search), LAYOUT);
      return failures.code(config.context());
    });
  }

  private static Cell valueOrProblem(KeyMatchShape match) {
    String problem = match.problem();
    return problem == null ? Cell.of(match.value()) : ReadFailures.cell(problem);
  }
}
