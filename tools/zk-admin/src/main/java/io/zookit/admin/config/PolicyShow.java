package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows a policy. */
@Command(
    name = "show",
    description = {
      "Show the rules of a namespace.",
      "With --schema: only its JSON Schema, as it is."
    },
    footer = {
      "  zookit config policy show prod/checkout/limits",
      "  zookit config policy show prod/checkout/limits --schema > limits.schema.json"
    })
final class PolicyShow extends NamespaceVerb {

  @Option(names = "--schema", description = "Only the JSON Schema.")
  private boolean schema;

  PolicyShow(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    state(store);
    PolicyDocument document = PolicyDocument.of(ns(), store.policy(ns()));
    if (schema) {
      shell().output().raw(document.policy().schema() + "\n");
    } else {
      shell().output().show(document, new PolicyDocument.Lines());
    }
    return ExitCode.OK;
  }
}
