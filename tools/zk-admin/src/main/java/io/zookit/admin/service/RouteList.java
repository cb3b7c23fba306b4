package io.zookit.admin.service;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.registry.ServiceRegistry;
import picocli.CommandLine.Command;

/** Lists the routes of a service. */
@Command(
    name = "list",
    description = "List the routes of a service, in the order in which they are tried.",
    footer = {"  zookit service route list payments", "  zookit service route list payments -o json"
    })
final class RouteList extends RouteVerb {

  RouteList(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ServiceRegistry registry) throws InterruptedException {
    requireService(registry);
    shell()
        .output()
        .list(
            registry.policy(service()).read().routes().stream()
                .map(RouteDocument::of)
                .toList(),
            RouteDocument.LAYOUT);
    return ExitCode.OK;
  }
}
