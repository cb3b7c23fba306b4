package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.History;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists what was changed, or verifies it. */
@Command(
    name = "audit",
    description = {
      "List every change of what is in force in a namespace, newest first.",
      "With --verify: prove by the chain of hashes that all is as it was written. Keep the hash of the newest release elsewhere to prove it later."
    },
    footer = {
      "  zookit config audit prod/checkout/limits",
      "  zookit config audit prod/checkout/limits --verify"
    })
final class ConfigAudit extends NamespaceVerb {

  @Option(names = "-n", paramLabel = "N", description = "At most so many. Default: 20.")
  private int most = 20;

  @Option(names = "--verify", description = "Verify all of it.")
  private boolean verify;

  ConfigAudit(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    state(store);
    History history = store.history(ns());
    if (!verify) {
      List<EntryDocument> entries =
          history.entries(most).stream().map(EntryDocument::of).toList();
      shell().output().list(entries, EntryDocument.LAYOUT);
      return ExitCode.OK;
    }
    VerdictDocument verdict = VerdictDocument.of(ns(), history.verify());
    shell().output().show(verdict, VerdictDocument.LAYOUT);
    return verdict.intact() ? ExitCode.OK : ExitCode.REJECTED;
  }
}
