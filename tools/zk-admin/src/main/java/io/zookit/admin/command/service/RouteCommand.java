package io.zookit.admin.command.service;

import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.Confirmation;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.VerbOrder;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.Layout;
import io.zookit.registry.PolicyStore;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.balance.Route;
import io.zookit.registry.policy.ServicePolicy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about the routes of a service. */
@Command(name = "route", description = "Routes of a service: where a part of its calls goes.")
@VerbOrder({"list", "set", "remove"})
public final class RouteCommand extends CommandGroup {

  private final ServiceCommand services;

  /** Below the commands about services. */
  public RouteCommand(ServiceCommand services) {
    super(services.context());
    this.services = services;
  }

  /** The service that a command is about, its first argument. */
  static final class ServiceArgument {

    @Parameters(index = "0", paramLabel = "SERVICE", description = "The name of the service.")
    private String name = "";

    String name() {
      return name;
    }

    /** Rejects a service that does not exist, so that a mistyped name creates none. */
    void requireExisting(ServiceRegistry registry) throws InterruptedException {
      if (!registry.services().contains(name)) {
        throw new CommandException(
            ExitCode.NOT_FOUND,
            "service " + name + " does not exist; `zookit service list` shows those that do");
      }
    }
  }

  @Command(
      name = "list",
      description = "List the routes of a service, in the order in which they are tried.",
      footer = {
        "  zookit service route list payments",
        "  zookit service route list payments -o json"
      })
  void list(@Mixin ServiceArgument service) throws InterruptedException {
    services.withRegistry(registry -> {
      service.requireExisting(registry);
      List<RouteDocument> routes = registry.policy(service.name()).read().routes().stream()
          .map(RouteDocument::of)
          .toList();
      context().output().list(routes, RouteDocument.LAYOUT);
    });
  }

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
  void set(
      @Mixin ServiceArgument service,
      @Parameters(index = "1", paramLabel = "NAME", description = "The name of the route.")
          String name,
      @Option(
              names = "--percent",
              paramLabel = "N",
              required = true,
              description = "The share of the keys that take the route, 0 to 100.")
          double percent,
      @Option(
              names = "--to-version",
              paramLabel = "VERSION",
              defaultValue = "",
              description = "The version the instances must have.")
          String version,
      @Option(
              names = "--to-tag",
              paramLabel = "KEY=VALUE",
              description = "Metadata the instances must have; can be repeated.")
          @Nullable
          Map<String, String> tags,
      @Mixin Confirmation consent)
      throws InterruptedException {
    services.withRegistry(registry -> {
      Route route = new Route(name, percent, version, tags == null ? Map.of() : tags);
      service.requireExisting(registry);
      ServiceDocument document =
          ServiceCommand.read(context(), registry, service.name(), List.of());
      if (document.instances().stream().noneMatch(instance -> matches(route, instance))) {
        context()
            .info("no instance of service " + service.name() + " matches route " + name
                + "; until one does, the others take its calls");
      }
      if (!consent.isDryRun(context(), "set route " + name + " of service " + service.name())) {
        registry.policy(service.name()).change(policy -> policy.with(route));
        context().output().show(RouteDocument.of(route), RouteDocument.LAYOUT);
      }
    });
  }

  private static boolean matches(Route route, ServiceDocument.ListedInstance instance) {
    return (route.version().isEmpty() || route.version().equals(instance.version()))
        && instance.metadata().entrySet().containsAll(route.tags().entrySet());
  }

  @Command(
      name = "remove",
      description = "Remove a route: its calls go where the others go.",
      footer = {
        "  zookit service route remove payments trial",
        "  zookit service route remove payments trial --yes"
      })
  void remove(
      @Mixin ServiceArgument service,
      @Parameters(index = "1", paramLabel = "NAME", description = "The name of the route.")
          String name,
      @Mixin Confirmation consent)
      throws InterruptedException {
    services.withRegistry(registry -> {
      service.requireExisting(registry);
      PolicyStore policy = registry.policy(service.name());
      requireRoute(service, name, policy.read());
      if (consent.isGiven(context(), "remove route " + name + " of service " + service.name())) {
        policy.change(before -> requireRoute(service, name, before).withoutRoute(name));
        context().info("route " + name + " of service " + service.name() + " is removed");
      }
    });
  }

  private static ServicePolicy requireRoute(
      ServiceArgument service, String name, ServicePolicy policy) {
    if (policy.routes().stream().noneMatch(route -> route.name().equals(name))) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "service " + service.name() + " has no route " + name + "; `zookit service route list "
              + service.name() + "` shows those it has");
    }
    return policy;
  }

  /**
   * A route of a service, as programs see it.
   *
   * @param route its name
   * @param percent the share of the keys that take it, 0 to 100
   * @param version the version the instances must have; null for any
   * @param tags the metadata the instances must have
   */
  record RouteDocument(
      String route, double percent, @Nullable String version, Map<String, String> tags) {

    static final Layout<RouteDocument> LAYOUT = Layout.of(
        RouteDocument::route,
        Column.of("ROUTE", RouteDocument::route),
        Column.of("PERCENT", RouteDocument::percent),
        Column.of("VERSION", each -> Objects.requireNonNullElse(each.version, "")),
        Column.of("TAGS", RouteDocument::tagList));

    static RouteDocument of(Route route) {
      return new RouteDocument(
          route.name(),
          route.percent(),
          route.version().isEmpty() ? null : route.version(),
          new TreeMap<>(route.tags()));
    }

    private String tagList() {
      return tags.entrySet().stream()
          .map(tag -> tag.getKey() + "=" + tag.getValue())
          .collect(Collectors.joining(", "));
    }
  }
}
