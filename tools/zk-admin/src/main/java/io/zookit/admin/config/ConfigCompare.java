package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Environments;
import io.zookit.config.Namespace;
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
final class ConfigCompare extends ConfigVerb {

  @Parameters(
      index = "0",
      paramLabel = "A",
      converter = NamespaceWords.class,
      description = "The namespace to start from.")
  private Namespace from = Namespace.of("env", "app", "ns");

  @Parameters(
      index = "1",
      paramLabel = "B",
      converter = NamespaceWords.class,
      description = "The namespace to compare with it.")
  private Namespace to = Namespace.of("env", "app", "ns");

  @Mixin
  private DiffLook look = new DiffLook();

  ConfigCompare(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    Environments.Comparison comparison = store.environments().compare(from, to);
    shell()
        .output()
        .show(
            ComparisonDocument.of(comparison),
            new ComparisonDocument.ComparisonLayout(look.lines(comparison.diff())));
    if (!comparison.uncompared().isEmpty()) {
      shell()
          .say("not compared, because a key to open them is missing: "
              + String.join(", ", comparison.uncompared()));
    }
    return look.code(!comparison.same());
  }
}
