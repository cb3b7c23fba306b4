package io.zookit.admin.service;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.registry.ServiceRegistry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows a service. */
@Command(
    name = "show",
    description =
        "Show the instances of a service, what they say of themselves, what operators say of them, and the suspicion (phi) of"
            + " those that write heartbeats.",
    footer = {"  zookit service show payments", "  zookit service show payments -o json"})
final class ServiceShow extends ServiceVerb {

  @Parameters(paramLabel = "SERVICE", description = "The name of the service.")
  private String service = "";

  ServiceShow(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ServiceRegistry registry) throws InterruptedException {
    ServiceDocument document = look(registry, service, registry.heartbeats(service));
    if (document.instances().isEmpty()) {
      throw new CommandException(
          ExitCode.NOT_FOUND, "service " + service + ": nobody is registered");
    }
    shell().output().show(document, new ServiceDocument.Lines());
    return ExitCode.OK;
  }
}
