package io.zookit.admin.service;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Output;
import io.zookit.admin.shell.ReadFailures;
import io.zookit.admin.shell.Shell;
import io.zookit.core.LiveValue;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceSummary;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists the services. */
@Command(
    name = "list",
    description = {
      "List the services, and how many instances they have.",
      "Those whose instances have all gone are listed until gc removes them."
    },
    footer = {
      "  zookit service list",
      "  zookit service list pay                only those whose names begin so",
      "  zookit service list -o name"
    })
final class ServiceList extends ServiceVerb {

  @Parameters(paramLabel = "PREFIX", arity = "0..1", description = "What the names begin with.")
  private String prefix = "";

  ServiceList(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ServiceRegistry registry) throws InterruptedException {
    Output output = shell().output();
    if (output.isNamesOnly()) {
      output.names(
          registry.services().stream().filter(name -> name.startsWith(prefix)).toList());
      return ExitCode.OK;
    }
    List<SummaryDocument> services = new ArrayList<>();
    ReadFailures failures = new ReadFailures();
    try (LiveValue<List<ServiceSummary>> overview = registry.overview()) {
      for (ServiceSummary each : overview.awaitReady(shell().timeout()).current()) {
        if (each.service().startsWith(prefix)) {
          each.problem().ifPresent(reason -> failures.add(each.service(), reason));
          services.add(SummaryDocument.of(each));
        }
      }
    }
    output.list(services, SummaryDocument.LAYOUT);
    return failures.code(shell());
  }
}
