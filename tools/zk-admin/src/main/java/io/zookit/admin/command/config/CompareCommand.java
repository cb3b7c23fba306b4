package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Layout;
import io.zookit.config.Environments;
import io.zookit.config.Namespace;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Compares two namespaces. */
@Command(
    name = "compare",
    description = {
      "Compare what is stable in two namespaces, such as those of two environments.",
      "Secrets are compared without being shown; that needs the keys of both environments. Those that cannot be compared are listed."
    },
    footer = {
      "  zookit config compare staging/checkout/limits prod/checkout/limits",
      "  zookit config compare staging/checkout/limits prod/checkout/limits --exit-code -o json"
    })
final class CompareCommand implements Callable<ExitCode> {

  private final ConfigCommand config;

  @Parameters(
      index = "0",
      paramLabel = "A",
      converter = NamespaceArgument.NamespaceConverter.class,
      description = "The namespace to start from.")
  private Namespace from = Namespace.of("env", "app", "ns");

  @Parameters(
      index = "1",
      paramLabel = "B",
      converter = NamespaceArgument.NamespaceConverter.class,
      description = "The namespace to compare with it.")
  private Namespace to = Namespace.of("env", "app", "ns");

  @Mixin
  private DiffOptions options = new DiffOptions();

  CompareCommand(ConfigCommand config) {
    this.config = config;
  }

  @Override
  public ExitCode call() throws InterruptedException {
    CommandContext context = config.context();
    return config.exitCode(store -> {
      Environments.Comparison comparison = store.environments().compare(from, to);
      context
          .output()
          .show(
              ComparisonDocument.of(comparison),
              ComparisonDocument.layout(options.lines(comparison.diff())));
      if (!comparison.uncompared().isEmpty()) {
        context.info("not compared, because a key to open them is missing: "
            + String.join(", ", comparison.uncompared()));
      }
      return options.code(!comparison.same());
    });
  }

  /**
   * The difference of two namespaces as programs see it.
   *
   * @param from the namespace that the difference starts from
   * @param fromRelease its stable release; 0 for none
   * @param to the namespace that the difference leads to
   * @param toRelease its stable release; 0 for none
   * @param same whether all values are the same
   * @param keys what is different of each key; empty for texts without keys
   * @param unified the lines of a unified diff
   * @param uncompared the secret keys whose values could not be compared
   */
  record ComparisonDocument(
      String from,
      int fromRelease,
      String to,
      int toRelease,
      boolean same,
      List<DiffDocument.KeyLine> keys,
      List<String> unified,
      List<String> uncompared) {

    static ComparisonDocument of(Environments.Comparison comparison) {
      return new ComparisonDocument(
          comparison.from().toString(),
          comparison.fromRelease(),
          comparison.to().toString(),
          comparison.toRelease(),
          comparison.same(),
          DiffDocument.KeyLine.of(comparison.diff()),
          comparison.diff().unified(),
          comparison.uncompared());
    }

    /** Layout of a comparison, with its lines in the requested form. */
    static Layout<ComparisonDocument> layout(List<Cell> lines) {
      return Layout.ofPage(
          ComparisonDocument::to,
          each -> DiffDocument.page(
              "from " + each.from + " release " + each.fromRelease + " to " + each.to + " release "
                  + each.toRelease,
              lines));
    }
  }
}
