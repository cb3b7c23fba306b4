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
import io.zookit.core.ZkClient;
import io.zookit.registry.ConsumerPresence;
import io.zookit.registry.HeartbeatReport;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceSummary;
import io.zookit.registry.ServiceView;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.registry.policy.ServicePolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
      List<SummaryDocument> services = new ArrayList<>();
      try (LiveValue<List<ServiceSummary>> overview = registry.overview()) {
        for (ServiceSummary each : overview.awaitReady(context().timeout()).current()) {
          if (each.service().startsWith(prefix)) {
            each.problem().ifPresent(reason -> failures.add(each.service(), reason));
            services.add(SummaryDocument.of(each));
          }
        }
      }
      output.list(services, SummaryDocument.LAYOUT);
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
            ExitCode.NOT_FOUND, "service " + service + ": nobody is registered");
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
    withRegistry(registry -> {
      try (ServiceView view = registry.discover(service);
          LiveValue<ServicePolicy> policy = registry.policy(service).follow()) {
        view.awaitReady(context().timeout());
        policy.awaitReady(context().timeout());
        watching.poll(
            context(),
            () -> ServiceDocument.of(
                service,
                view.current(),
                policy.current(),
                List.of(),
                context().environment().timekeeper().now()),
            ServiceDocument.LAYOUT);
      }
    });
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
      List<ConsumerDocument> consumers =
          registry.consumers(service).stream().map(ConsumerDocument::of).toList();
      context().output().list(consumers, ConsumerDocument.LAYOUT);
    });
  }

  /**
   * A consumer as programs see it.
   *
   * @param since when it began, by its own clock
   */
  record ConsumerDocument(String consumer, Instant since) {

    static final Layout<ConsumerDocument> LAYOUT = Layout.of(
        ConsumerDocument::consumer,
        Column.of("CONSUMER", ConsumerDocument::consumer),
        Column.of("SINCE", ConsumerDocument::since));

    static ConsumerDocument of(ConsumerPresence consumer) {
      return new ConsumerDocument(consumer.name(), consumer.since());
    }
  }

  /**
   * A service in a list, as programs see it.
   *
   * @param instances how many are registered
   * @param inRotation how many of them are up, and neither disabled nor drained by operators
   * @param problem why it cannot be read; null if it can
   */
  record SummaryDocument(
      String service,
      int instances,
      long inRotation,
      @Nullable String problem) {

    static final Layout<SummaryDocument> LAYOUT = Layout.of(
        SummaryDocument::service,
        Column.of("SERVICE", SummaryDocument::service),
        Column.of("INSTANCES", each -> each.problem == null ? each.instances : ""),
        new Column<>("IN ROTATION", SummaryDocument::rotation));

    /** A service that cannot be read has no numbers. */
    static SummaryDocument of(ServiceSummary service) {
      return service.problem().isPresent()
          ? new SummaryDocument(service.service(), 0, 0, service.problem().get())
          : new SummaryDocument(service.service(), service.instances(), service.healthy(), null);
    }

    private static Cell rotation(SummaryDocument each) {
      if (each.problem != null) {
        return ReadFailures.cell(each.problem);
      }
      Style some = each.inRotation < each.instances ? Style.ODD : Style.GOOD;
      return new Cell(String.valueOf(each.inRotation), each.inRotation == 0 ? Style.BAD : some);
    }
  }
}
