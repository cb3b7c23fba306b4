package io.zookit.admin.service;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.policy.ServicePolicy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Removes a route from a service. */
@Command(
    name = "remove",
    description = "Remove a route: its calls go where the others go.",
    footer = {
      "  zookit service route remove payments trial",
      "  zookit service route remove payments trial --yes"
    })
final class RouteRemove extends RouteVerb {

  @Parameters(index = "1", paramLabel = "NAME", description = "The name of the route.")
  private String name = "";

  @Mixin
  private Consent consent = new Consent();

  RouteRemove(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ServiceRegistry registry) throws InterruptedException {
    requireService(registry);
    requireRoute(registry.policy(service()).read());
    if (consent.isGiven(shell(), "remove route " + name + " of service " + service())) {
      registry.policy(service()).change(policy -> requireRoute(policy).withoutRoute(name));
      shell().say("route " + name + " of service " + service() + " is removed");
    }
    return ExitCode.OK;
  }

  private ServicePolicy requireRoute(ServicePolicy policy) {
    if (policy.routes().stream().noneMatch(route -> route.name().equals(name))) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "service " + service() + " has no route " + name + "; `zookit service route list "
              + service() + "` shows those it has");
    }
    return policy;
  }
}
