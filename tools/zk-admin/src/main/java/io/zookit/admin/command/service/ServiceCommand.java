package io.zookit.admin.command.service;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.Confirmation;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.ReadFailures;
import io.zookit.admin.cli.VerbOrder;
import io.zookit.admin.cli.WatchOptions;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Output;
import io.zookit.admin.output.Style;
import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.core.ZkClient;
import io.zookit.registry.HeartbeatReport;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceSummary;
import io.zookit.registry.ServiceView;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.registry.policy.ServicePolicy;
import io.zookit.views.ServiceShape;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The commands about services and their instances. */
@Command(
    name = "service",
    description = "Services and their instances: list, show, weight, drain, disable, break, route.",
    subcommands = {BreakCommand.class, ServiceGcCommand.class})
@VerbOrder({
  "list",
  "show",
  "watch",
  "disable",
  "enable",
  "weight",
  "drain",
  "break",
  "consumers",
  "gc"
})
public final class ServiceCommand extends CommandGroup {

  private static final Layout<ServiceShape.SummaryShape> SUMMARY = Layout.of(
      ServiceShape.SummaryShape::service,
      Column.of("SERVICE", ServiceShape.SummaryShape::service),
      Column.of("INSTANCES", ServiceCommand::instances),
      new Column<>("IN ROTATION", ServiceCommand::rotation));

  private static final Layout<ServiceShape.ConsumerShape> CONSUMER = Layout.of(
      ServiceShape.ConsumerShape::consumer,
      Column.of("CONSUMER", ServiceShape.ConsumerShape::consumer),
      Column.of("SINCE", ServiceShape.ConsumerShape::since));

  /** Creates the commands of a context. */
  public ServiceCommand(CommandContext context) {
    super(context);
  }

  /** A task with the registry. */
  @FunctionalInterface
  interface RegistryTask {

    /** Does it. */
    void run(ServiceRegistry registry) throws InterruptedException;
  }

  /** Runs a task with the registry. */
  void withRegistry(RegistryTask task) throws InterruptedException {
    try (ZkClient client = context().connect()) {
      task.run(ServiceRegistry.in(client));
    }
  }

  /** Reads the registered instances of a service and the operator rules for them. */
  static ServiceDocument read(
      CommandContext context,
      ServiceRegistry registry,
      String service,
      List<HeartbeatReport> heartbeats)
      throws InterruptedException {
    try (ServiceView view = registry.discover(service)) {
      view.awaitReady(context.timeout());
      ServicePolicy policy = registry.policy(service).read();
      return ServiceDocument.of(
          service,
          view.current(),
          policy,
          heartbeats,
          context.environment().timekeeper().now());
    }
  }

  @Command(
      name = "list",
      description = {
        "List the services, and how many instances they have.",
        "Those without instances are listed until gc removes them."
      },
      footer = {
        "  zookit service list",
        "  zookit service list pay                only those whose names begin so",
        "  zookit service list -o name"
      })
  ExitCode list(
      @Parameters(
              paramLabel = "PREFIX",
              arity = "0..1",
              defaultValue = "",
              description = "What the names begin with.")
          String prefix)
      throws InterruptedException {
    ReadFailures failures = new ReadFailures();
    withRegistry(registry -> {
      Output output = context().output();
      if (output.isNamesOnly()) {
        output.names(
            registry.services().stream().filter(name -> name.startsWith(prefix)).toList());
        return;
      }
      List<ServiceShape.SummaryShape> services = new ArrayList<>();
      try (LiveValue<List<ServiceSummary>> overview = registry.overview()) {
        for (ServiceSummary each : overview.awaitReady(context().timeout()).current()) {
          if (each.service().startsWith(prefix)) {
            each.problem().ifPresent(reason -> failures.add(each.service(), reason));
            services.add(ServiceShape.SummaryShape.of(each));
          }
        }
      }
      output.list(services, SUMMARY);
    });
    return failures.code(context());
  }

  @Command(
      name = "show",
      description =
          "Show the instances of a service, what they report, the rules of operators for them, and the suspicion (phi) of"
              + " those that write heartbeats.",
      footer = {"  zookit service show payments", "  zookit service show payments -o json"})
  void show(
      @Parameters(paramLabel = "SERVICE", description = "The name of the service.") String service)
      throws InterruptedException {
    withRegistry(registry -> {
      ServiceDocument document = read(context(), registry, service, registry.heartbeats(service));
      if (document.instances().isEmpty()) {
        throw new CommandException(
            ExitCode.NOT_FOUND, "service " + service + ": no instance is registered");
      }
      context().output().show(document, ServiceDocument.LAYOUT);
    });
  }

  @Command(
      name = "watch",
      description = "Follow the instances of a service until Ctrl-C: them now, and each change.",
      footer = {
        "  zookit service watch payments",
        "  zookit service watch payments -o json --changes 1"
      })
  void watch(
      @Parameters(
              paramLabel = "SERVICE",
              description = "The name of the service; it needs no instances.")
          String service,
      @Mixin WatchOptions watching)
      throws InterruptedException {
    try (ZkClient client = context().connect()) {
      ServiceRegistry registry = ServiceRegistry.in(client);
      try (ServiceView view = registry.discover(service);
          LiveValue<ServicePolicy> policy = registry.policy(service).follow()) {
        view.awaitReady(context().timeout());
        policy.awaitReady(context().timeout());
        watching.follow(
            context(), client, new WatchedService(context(), view, policy), ServiceDocument.LAYOUT);
      }
    }
  }

  /** The instances of a service with the rules of operators for them, which may end at a time. */
  private record WatchedService(
      CommandContext context, ServiceView view, LiveValue<ServicePolicy> policy)
      implements WatchOptions.Composed<ServiceDocument> {

    @Override
    public List<Subscription> subscribe(Runnable changed) {
      Consumer<List<ServiceInstance>> ofView = instances -> changed.run();
      return List.of(view.subscribe(ofView), policy.subscribe(rules -> changed.run()));
    }

    @Override
    public ServiceDocument document() {
      return ServiceDocument.of(view.service(), view.current(), policy.current(), List.of(), now());
    }

    @Override
    public Optional<Instant> nextChange() {
      return policy.current().instances().values().stream()
          .flatMap(rule -> rule.until().stream())
          .filter(now()::isBefore)
          .min(Comparator.naturalOrder());
    }

    private Instant now() {
      return context.environment().timekeeper().now();
    }
  }

  @Command(
      name = "disable",
      description = "Take an instance out of rotation, whatever happens; it keeps running.",
      footer = {
        "  zookit service disable payments/10.0.0.7-8080",
        "  zookit service disable payments/p-1 --for 30m"
      })
  void disable(@Mixin RuleChange change, @Mixin Confirmation consent) throws InterruptedException {
    withRegistry(registry -> {
      change.requireRegistered(context(), registry);
      if (consent.isGiven(context(), "take instance " + change.instance() + " out of rotation")) {
        change.apply(context(), registry, rule -> change.withDisabled(rule, true));
      }
    });
  }

  @Command(
      name = "enable",
      description = "Put an instance that was disabled back into rotation.",
      footer = "  zookit service enable payments/p-1")
  void enable(@Mixin RuleChange change) throws InterruptedException {
    withRegistry(
        registry -> change.apply(context(), registry, rule -> change.withDisabled(rule, false)));
  }

  @Command(
      name = "weight",
      description = "Give an instance another weight than its own; 0 takes no calls.",
      footer = {
        "  zookit service weight payments/p-1 50",
        "  zookit service weight payments/p-1 own"
      })
  void weight(
      @Mixin RuleChange change,
      @Parameters(
              index = "1",
              paramLabel = "N",
              description = "The weight, or own for the instance's own.")
          String weight)
      throws InterruptedException {
    withRegistry(registry -> {
      if (weight.equals("own")) {
        change.apply(context(), registry, InstanceRule::withoutWeight);
      } else {
        int number = number(weight);
        change.requireRegistered(context(), registry);
        change.apply(context(), registry, rule -> rule.withWeight(number));
      }
    });
  }

  private static int number(String weight) {
    try {
      return Integer.parseInt(weight);
    } catch (NumberFormatException e) {
      throw new CommandException(
          ExitCode.USAGE, "weight: \"" + weight + "\" (expected: 0 to 1000000, or own)", e);
    }
  }

  @Command(
      name = "drain",
      description = {
        "End an instance: consumers call it no more, and its provider withdraws it.",
        "Its process decides what it does after that."
      },
      footer = {"  zookit service drain payments/p-1", "  zookit service drain payments/p-1 --yes"})
  void drain(@Mixin RuleChange change, @Mixin Confirmation consent) throws InterruptedException {
    withRegistry(registry -> {
      change.requireRegistered(context(), registry);
      if (consent.isGiven(context(), "end instance " + change.instance())) {
        change.apply(context(), registry, rule -> rule.withDrain(true));
      }
    });
  }

  @Command(
      name = "consumers",
      description = "List the processes that follow a service and announce it.",
      footer = "  zookit service consumers payments")
  void consumers(
      @Parameters(paramLabel = "SERVICE", description = "The name of the service.") String service)
      throws InterruptedException {
    withRegistry(registry -> {
      List<ServiceShape.ConsumerShape> consumers = registry.consumers(service).stream()
          .map(ServiceShape.ConsumerShape::of)
          .toList();
      context().output().list(consumers, CONSUMER);
    });
  }

  private static Object instances(ServiceShape.SummaryShape service) {
    return service.problem() == null ? service.instances() : "";
  }

  private static Cell rotation(ServiceShape.SummaryShape service) {
    String problem = service.problem();
    if (problem != null) {
      return ReadFailures.cell(problem);
    }
    int up = service.inRotation();
    Style some = up < service.instances() ? Style.ODD : Style.GOOD;
    return new Cell(String.valueOf(up), up == 0 ? Style.BAD : some);
  }
}
