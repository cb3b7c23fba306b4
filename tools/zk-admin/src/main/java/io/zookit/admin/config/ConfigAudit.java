package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.ReadFailures;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Environments;
import io.zookit.config.History;
import io.zookit.config.Namespace;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists what was changed, or verifies it. */
@Command(
    name = "audit",
    description = {
      "List every change of what is in force in a namespace, and every opening of its secrets by people, newest first.",
      "With --all: of all namespaces, or of those that begin with PREFIX. What cannot be read is a row with the reason; then the exit code is 1. The contents of policies are in JSON and YAML.",
      "With --verify: prove by the chain of hashes that all is as it was written. Keep the hash of the newest release elsewhere to prove it later."
    },
    footer = {
      "  zookit config audit prod/checkout/limits",
      "  zookit config audit prod/checkout/limits --verify",
      "  zookit config audit --all -n 100",
      "  zookit config audit --all prod/ -o json"
    })
final class ConfigAudit extends ConfigVerb {

  @Parameters(
      index = "0",
      paramLabel = "NS|PREFIX",
      arity = "0..1",
      description = "The namespace, ENV/APP/NS; with --all what the names begin with.")
  private String name = "";

  @Option(names = "--all", description = "Of all namespaces.")
  private boolean all;

  @Option(names = "-n", paramLabel = "N", description = "At most so many. Default: 20.")
  private int most = 20;

  @Option(names = "--verify", description = "Verify all of it.")
  private boolean verify;

  ConfigAudit(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    if (all && verify) {
      throw new CommandException(
          ExitCode.USAGE, "--all and --verify: both given (expected: one of them)");
    }
    return all ? listAll(store) : ofOne(store, namespace());
  }

  private Namespace namespace() {
    if (name.isEmpty()) {
      throw new CommandException(ExitCode.USAGE, "audit: no namespace (expected: NS, or --all)");
    }
    return Namespace.parse(name);
  }

  private ExitCode ofOne(ConfigStore store, Namespace ns) throws InterruptedException {
    if (store.state(ns).isEmpty()) {
      throw new CommandException(ExitCode.NOT_FOUND, "namespace " + ns + " is not there");
    }
    History history = store.history(ns);
    if (!verify) {
      List<EntryDocument> entries = history.entries(most).stream()
          .map(entry -> EntryDocument.of(ns, entry))
          .toList();
      List<EntryDocument> opened = store.environments().revealed(ns.toString(), most).stream()
          .filter(each -> each.namespace().equals(ns))
          .map(EntryDocument::of)
          .toList();
      shell().output().list(EntryDocument.merged(entries, opened, most), EntryDocument.LAYOUT);
      return ExitCode.OK;
    }
    VerdictDocument verdict = VerdictDocument.of(ns, history.verify());
    shell().output().show(verdict, VerdictDocument.LAYOUT);
    return verdict.intact() ? ExitCode.OK : ExitCode.REJECTED;
  }

  private ExitCode listAll(ConfigStore store) throws InterruptedException {
    Environments.AuditTrail trail = store.environments().audit(name, most);
    ReadFailures failures = new ReadFailures();
    List<EntryDocument> changes = trail.entries().stream()
        .map(each -> EntryDocument.of(each.namespace(), each.entry()))
        .toList();
    List<EntryDocument> opened = store.environments().revealed(name, most).stream()
        .map(EntryDocument::of)
        .toList();
    List<EntryDocument> rows = new ArrayList<>(EntryDocument.merged(changes, opened, most));
    for (ConfigStore.Unreadable each : trail.unreadable()) {
      failures.add(each.name(), each.reason());
      rows.add(EntryDocument.unreadable(each));
    }
    shell().output().list(rows, EntryDocument.OF_ALL);
    return failures.code(shell());
  }
}
