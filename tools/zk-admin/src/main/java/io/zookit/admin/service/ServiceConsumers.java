package io.zookit.admin.service;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.registry.ServiceRegistry;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists the consumers of a service. */
@Command(
    name = "consumers",
    description = "List the processes that follow a service and say so.",
    footer = "  zookit service consumers payments")
final class ServiceConsumers extends ServiceVerb {

  @Parameters(paramLabel = "SERVICE", description = "The name of the service.")
  private String service = "";

  ServiceConsumers(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ServiceRegistry registry) throws InterruptedException {
    List<ConsumerDocument> consumers =
        registry.consumers(service).stream().map(ConsumerDocument::of).toList();
    shell().output().list(consumers, ConsumerDocument.LAYOUT);
    return ExitCode.OK;
  }
}
