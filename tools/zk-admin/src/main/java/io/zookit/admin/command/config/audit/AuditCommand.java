package io.zookit.admin.command.config.audit;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.ReadFailures;
import io.zookit.admin.command.config.ConfigCommand;
import io.zookit.admin.command.config.NamespaceArgument;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Style;
import io.zookit.config.ConfigStore;
import io.zookit.config.Environments;
import io.zookit.config.History;
import io.zookit.config.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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
public final class AuditCommand implements Callable<ExitCode> {

  private final ConfigCommand config;
  private final CommandContext context;

  @Parameters(
      index = "0",
      paramLabel = "NS|PREFIX",
      arity = "0..1",
      description = "The namespace, ENV/APP/NS; with --all what the names begin with.")
  private String name = "";

  @Option(names = "--all", description = "Of all namespaces.")
  private boolean all;

  @Option(names = "-n", paramLabel = "N", description = "The greatest number of rows. Default: 20.")
  private int most = 20;

  @Option(names = "--verify", description = "Verify all of it.")
  private boolean verify;

  AuditCommand(ConfigCommand config) {
    this.config = config;
    this.context = config.context();
  }

  @Override
  public ExitCode call() throws InterruptedException {
    if (all && verify) {
      throw new CommandException(
          ExitCode.USAGE, "--all and --verify: both given (expected: one of them)");
    }
    if (!all && name.isEmpty()) {
      throw new CommandException(ExitCode.USAGE, "audit: no namespace (expected: NS, or --all)");
    }
    return config.exitCode(store -> all ? listAll(store) : ofOne(store, Namespace.parse(name)));
  }

  private ExitCode ofOne(ConfigStore store, Namespace ns) throws InterruptedException {
    NamespaceArgument.state(store, ns);
    History history = store.history(ns);
    if (verify) {
      IntegrityDocument result = IntegrityDocument.of(ns, history.verify());
      context.output().show(result, IntegrityDocument.LAYOUT);
      return result.intact ? ExitCode.OK : ExitCode.REJECTED;
    }
    List<EntryDocument> entries =
        history.entries(most).stream().map(entry -> EntryDocument.of(ns, entry)).toList();
    List<EntryDocument> opened = store.environments().revealed(name, most).stream()
        .filter(each -> each.namespace().equals(ns))
        .map(EntryDocument::of)
        .toList();
    context.output().list(EntryDocument.merged(entries, opened, most), EntryDocument.LAYOUT);
    return ExitCode.OK;
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
    context.output().list(rows, EntryDocument.OF_ALL);
    return failures.code(context);
  }

  /**
   * The result of a verification.
   *
   * @param headHash the hash of the newest release
   * @param problems the deviations found; empty if everything is as it was written
   */
  record IntegrityDocument(
      String namespace,
      boolean intact,
      int releases,
      int entries,
      String headHash,
      List<String> problems) {

    static final Layout<IntegrityDocument> LAYOUT = Layout.of(
        IntegrityDocument::namespace,
        new Column<>("RESULT", IntegrityDocument::result),
        Column.of("RELEASES", IntegrityDocument::releases),
        Column.of("CHANGES", IntegrityDocument::entries),
        Column.of("HASH", IntegrityDocument::headHash),
        new Column<>("PROBLEMS", each -> new Cell(String.join("; ", each.problems), Style.BAD)));

    static IntegrityDocument of(Namespace ns, History.Verdict verdict) {
      return new IntegrityDocument(
          ns.toString(),
          verdict.isIntact(),
          verdict.releases(),
          verdict.entries(),
          verdict.headHash(),
          verdict.problems());
    }

    private Cell result() {
      return intact ? new Cell("intact", Style.GOOD) : new Cell("changed", Style.BAD);
    }
  }
}
