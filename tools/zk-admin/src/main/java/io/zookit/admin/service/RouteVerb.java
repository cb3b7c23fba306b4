package io.zookit.admin.service;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.registry.ServiceRegistry;
import picocli.CommandLine.Parameters;

/** A command about the routes of a service. */
abstract class RouteVerb extends ServiceVerb {

  @Parameters(index = "0", paramLabel = "SERVICE", description = "The name of the service.")
  private String service = "";

  RouteVerb(Shell shell) {
    super(shell);
  }

  /** The name of the service. */
  final String service() {
    return service;
  }

  /** Rejects a service that does not exist, so that a mistyped name creates none. */
  final void requireService(ServiceRegistry registry) throws InterruptedException {
    if (!registry.services().contains(service)) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "service " + service + " does not exist; `zookit service list` shows those that do");
    }
  }
}
