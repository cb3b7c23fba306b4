package io.zookit.admin.command.service;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.Confirmation;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.ReadFailures;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Style;
import io.zookit.registry.RegistryCleaner;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.StaleEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Removes what is left over. */
@Command(
    name = "gc",
    description = {
      "Remove services without any instance, and the rules of operators for instances that have gone or for a time that is over.",
      "A service that has an instance again by then stays as it is. An instance that is only away for a moment counts as"
          + " gone."
    },
    footer = {"  zookit service gc --dry-run", "  zookit service gc payments --yes"})
final class ServiceGcCommand implements Callable<ExitCode> {

  private final ServiceCommand command;
  private final CommandContext context;
  private ExitCode code = ExitCode.OK;

  @Parameters(
      paramLabel = "SERVICE",
      arity = "0..*",
      description = "The names of the services. Default: all.")
  private List<String> services = List.of();

  @Mixin
  private Confirmation consent = new Confirmation();

  ServiceGcCommand(ServiceCommand command) {
    this.command = command;
    this.context = command.context();
  }

  @Override
  public ExitCode call() throws InterruptedException {
    command.withRegistry(registry -> code = collect(registry));
    return code;
  }

  private ExitCode collect(ServiceRegistry registry) throws InterruptedException {
    RegistryCleaner.StaleListing found = registry.cleaner().listing();
    List<StaleEntry> leftovers =
        found.entries().stream().filter(each -> isMeant(each.service())).toList();
    List<LeftoverDocument> rows =
        new ArrayList<>(leftovers.stream().map(LeftoverDocument::of).toList());
    found.unreadable().forEach((service, problem) -> {
      if (isMeant(service)) {
        rows.add(LeftoverDocument.unreadable(service, problem));
      }
    });
    if (rows.isEmpty()) {
      context.info("there is nothing to remove");
      return ExitCode.OK;
    }
    context.output().list(rows, LeftoverDocument.LAYOUT);
    if (!leftovers.isEmpty()) {
      removeIfAgreed(registry, leftovers);
    }
    return rows.size() == leftovers.size() ? ExitCode.OK : ExitCode.FAILURE;
  }

  private boolean isMeant(String service) {
    return services.isEmpty() || services.contains(service);
  }

  private void removeIfAgreed(ServiceRegistry registry, List<StaleEntry> leftovers)
      throws InterruptedException {
    long empty = leftovers.stream().filter(StaleEntry::empty).count();
    long rules = leftovers.stream()
        .filter(each -> !each.empty())
        .mapToLong(each -> each.rules().size())
        .sum();
    if (consent.isGiven(
        context, "remove services without instances: " + empty + ", rules of others: " + rules)) {
      remove(registry, leftovers);
    }
  }

  private void remove(ServiceRegistry registry, List<StaleEntry> leftovers)
      throws InterruptedException {
    List<String> changed = new ArrayList<>();
    for (StaleEntry each : leftovers) {
      if (!registry.cleaner().remove(each)) {
        changed.add(each.service());
      }
    }
    context.info((leftovers.size() - changed.size()) + " of " + leftovers.size() + " removed");
    if (!changed.isEmpty()) {
      throw new CommandException(
          ExitCode.CONFLICT, "changed meanwhile, and left alone: " + String.join(", ", changed));
    }
  }

  /**
   * Entries of a service that may be removed, as programs see them.
   *
   * @param empty whether the whole service may be removed
   * @param rules the ids of instances whose operator rule no longer applies
   * @param problem the reason the service cannot be read; null if it can be read
   */
  record LeftoverDocument(
      String service,
      boolean empty,
      List<String> rules,
      @Nullable String problem) {

    static final Layout<LeftoverDocument> LAYOUT = Layout.of(
        LeftoverDocument::service,
        Column.of("SERVICE", LeftoverDocument::service),
        new Column<>("WHAT", LeftoverDocument::what),
        Column.of("RULES", each -> String.join(", ", each.rules)));

    static LeftoverDocument of(StaleEntry leftover) {
      return new LeftoverDocument(leftover.service(), leftover.empty(), leftover.rules(), null);
    }

    static LeftoverDocument unreadable(String service, String problem) {
      return new LeftoverDocument(service, false, List.of(), problem);
    }

    private static Cell what(LeftoverDocument each) {
      return each.problem == null
          ? new Cell(each.empty ? "all of it" : "rules", Style.PLAIN)
          : ReadFailures.cell(each.problem);
    }
  }
}
