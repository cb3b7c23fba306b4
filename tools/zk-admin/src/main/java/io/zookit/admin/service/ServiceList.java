package io.zookit.admin.service;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Output;
import io.zookit.admin.shell.ReadFailures;
import io.zookit.admin.shell.Shell;
import io.zookit.registry.ServiceRegistry;
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
    List<String> names =
        registry.services().stream().filter(name -> name.startsWith(prefix)).toList();
    Output output = shell().output();
    if (output.isNamesOnly()) {
      output.names(names);
      return ExitCode.OK;
    }
    List<SummaryDocument> services = new ArrayList<>();
    ReadFailures failures = new ReadFailures();
    for (String name : names) {
      services.add(failures
          .read(name, () -> SummaryDocument.of(look(registry, name)))
          .orElseGet(
              () -> SummaryDocument.unreadable(name, String.valueOf(failures.reason(name)))));
    }
    output.list(services, SummaryDocument.LAYOUT);
    return failures.code(shell());
  }
}
