package io.zookit.admin.service;

import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.balance.Route;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a route to a service, or replaces the one with its name. */
@Command(
    name = "set",
    description = {
      "Send a part of the calls of a service to the instances with a version or tags; the other calls go to the others.",
      "A route that exists is replaced and keeps its place. The same key always takes the same route; a greater share adds"
          + " keys. While no instance matches, the other instances take the calls."
    },
    footer = {
      "  zookit service route set payments trial --percent 10 --to-version 2.0",
      "  zookit service route set payments gold --percent 100 --to-tag tier=gold",
      "  zookit service route set payments trial --percent 25 --to-version 2.0 --dry-run"
    })
final class RouteSet extends RouteVerb {

  @Parameters(index = "1", paramLabel = "NAME", description = "The name of the route.")
  private String name = "";

  @Option(
      names = "--percent",
      paramLabel = "N",
      required = true,
      description = "The share of the keys that take the route, 0 to 100.")
  private double percent;

  @Option(
      names = "--to-version",
      paramLabel = "VERSION",
      description = "The version the instances must have.")
  private String version = "";

  @Option(
      names = "--to-tag",
      paramLabel = "KEY=VALUE",
      description = "Metadata the instances must have; can be repeated.")
  private Map<String, String> tags = new LinkedHashMap<>();

  @Mixin
  private Consent consent = new Consent();

  RouteSet(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ServiceRegistry registry) throws InterruptedException {
    Route route = new Route(name, percent, version, tags);
    requireService(registry);
    ServiceDocument document = look(registry, service());
    if (document.instances().stream().noneMatch(this::matches)) {
      shell()
          .say("no instance of service " + service() + " matches route " + name
              + "; until one does, the others take its calls");
    }
    if (!consent.isDryRun(shell(), "set route " + name + " of service " + service())) {
      registry.policy(service()).change(policy -> policy.with(route));
      shell().output().show(RouteDocument.of(route), RouteDocument.LAYOUT);
    }
    return ExitCode.OK;
  }

  private boolean matches(ServiceDocument.Member instance) {
    return (version.isEmpty() || version.equals(instance.version()))
        && instance.metadata().entrySet().containsAll(tags.entrySet());
  }
}
