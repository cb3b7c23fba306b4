package io.zookit.admin.command.config.upkeep;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.Confirmation;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.ReadFailures;
import io.zookit.admin.command.config.ChangeOptions;
import io.zookit.admin.command.config.ConfigCommand;
import io.zookit.admin.command.config.NamespaceArgument;
import io.zookit.admin.command.config.WantedNamespaces;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.config.ConfigStore;
import io.zookit.config.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Removes what retention no longer keeps. */
@Command(
    name = "gc",
    description = {
      "Remove the releases that the retention of their policy no longer keeps, and large contents that are not in use.",
      "What is in force, pinned, or in use by an instance stays."
    },
    footer = {"  zookit config gc --dry-run", "  zookit config gc prod/checkout/limits --yes"})
public final class GcCommand implements Callable<ExitCode> {

  private final ConfigCommand config;

  @Parameters(
      paramLabel = "NS",
      arity = "0..*",
      converter = NamespaceArgument.NamespaceConverter.class,
      description = "The namespaces. Default: all, and the large contents of their environments.")
  private List<Namespace> namespaces = List.of();

  @Mixin
  private Confirmation consent = new Confirmation();

  @Mixin
  private ChangeOptions options = new ChangeOptions();

  GcCommand(ConfigCommand config) {
    this.config = config;
  }

  @Override
  public ExitCode call() throws InterruptedException {
    CommandContext context = config.context();
    return config.exitCode(store -> {
      ReadFailures failures = new ReadFailures();
      WantedNamespaces all = WantedNamespaces.of(store, namespaces, failures);
      List<RemovedDocument> found = find(store, all, failures).stream()
          .filter(each -> each.count > 0 || each.problem != null)
          .toList();
      if (found.isEmpty()) {
        context.info("there is nothing to remove");
        return ExitCode.OK;
      }
      context.output().list(found, RemovedDocument.LAYOUT);
      long count = found.stream().mapToLong(RemovedDocument::count).sum();
      if (count > 0
          && consent.isGiven(
              context,
              "remove " + DisplayText.count(count, "thing") + " that retention does not keep")) {
        remove(store, all.readable(), failures);
      }
      return failures.code(context);
    });
  }

  private List<RemovedDocument> find(ConfigStore store, WantedNamespaces all, ReadFailures failures)
      throws InterruptedException {
    List<RemovedDocument> found = new ArrayList<>();
    all.unreadable()
        .forEach((name, problem) ->
            found.add(new RemovedDocument(name, "releases", 0, List.of(), problem)));
    for (Namespace ns : all.readable()) {
      found.add(RemovedDocument.read(
          failures, ns.toString(), "releases", () -> store.maintenance().removable(ns)));
    }
    for (String env : environments(all.readable())) {
      found.add(RemovedDocument.read(
          failures, env, "contents", () -> store.maintenance().removableBlobs(env)));
    }
    return found;
  }

  /** Removes nothing of a place that cannot be read: what it names could be in use. */
  private void remove(ConfigStore store, List<Namespace> wanted, ReadFailures failures)
      throws InterruptedException {
    int removed = 0;
    for (Namespace ns : wanted) {
      if (failures.reason(ns.toString()) == null) {
        removed +=
            store.maintenance().collect(ns, options.change(config.context())).size();
      }
    }
    for (String env : environments(wanted)) {
      if (failures.reason(env) == null) {
        removed += store.maintenance().collectBlobs(env).size();
      }
    }
    config.context().info(removed + " removed");
  }

  private Set<String> environments(List<Namespace> wanted) {
    return namespaces.isEmpty()
        ? wanted.stream().map(Namespace::env).collect(Collectors.toCollection(TreeSet::new))
        : Set.of();
  }

  /**
   * Releases or contents that may be removed.
   *
   * @param place a namespace, or an environment
   * @param kind releases, or contents
   * @param problem the reason the place cannot be read, so that nothing of it is removed; null if it can be read
   */
  record RemovedDocument(
      String place,
      String kind,
      int count,
      List<String> names,
      @Nullable String problem) {

    static final Layout<RemovedDocument> LAYOUT = Layout.of(
        RemovedDocument::place,
        Column.of("PLACE", RemovedDocument::place),
        Column.of("KIND", RemovedDocument::kind),
        Column.of("COUNT", RemovedDocument::count),
        new Column<>("NAMES", RemovedDocument::namesOrProblem));

    static RemovedDocument read(
        ReadFailures failures,
        String place,
        String kind,
        ReadFailures.Read<? extends List<?>> removable)
        throws InterruptedException {
      Optional<? extends List<?>> names = failures.read(place, removable);
      List<String> shown = names.isEmpty()
          ? List.of()
          : names.get().stream().map(String::valueOf).toList();
      return new RemovedDocument(place, kind, shown.size(), shown, failures.reason(place));
    }

    private Cell namesOrProblem() {
      return problem == null ? Cell.of(DisplayText.list(names)) : ReadFailures.cell(problem);
    }
  }
}
