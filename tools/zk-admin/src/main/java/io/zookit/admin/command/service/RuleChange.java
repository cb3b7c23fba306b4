package io.zookit.admin.command.service;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.DurationConverter;
import io.zookit.admin.cli.ExitCode;
import io.zookit.core.Timekeeper;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.registry.policy.ServicePolicy;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Options of a command that sets or ends the rule of operators for one instance. */
final class RuleChange {

  @Parameters(
      index = "0",
      paramLabel = "SERVICE/ID",
      converter = InstanceName.InstanceNameConverter.class,
      description = "The instance.")
  private InstanceName instance = new InstanceName("service", "id");

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "The author. Default: the user of the connection, else of this process.")
  @Nullable
  private String by;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "For how long it counts. Default: until it is changed.")
  @Nullable
  private Duration length;

  /** The name of an instance, {@code SERVICE/ID}. */
  record InstanceName(String service, String id) {

    @Override
    public String toString() {
      return service + "/" + id;
    }

    /** Parses the name of an instance. */
    static final class InstanceNameConverter implements ITypeConverter<InstanceName> {

      @Override
      public InstanceName convert(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash + 1 == text.length() || text.indexOf('/', slash + 1) >= 0) {
          throw new TypeConversionException("\"" + text + "\" (expected: SERVICE/ID)");
        }
        return new InstanceName(text.substring(0, slash), text.substring(slash + 1));
      }
    }
  }

  InstanceName instance() {
    return instance;
  }

  /** Changes the rule, and writes what is in force then. */
  void apply(CommandContext context, ServiceRegistry registry, UnaryOperator<InstanceRule> step)
      throws InterruptedException {
    String author = by == null ? context.person() : by;
    Timekeeper clock = context.environment().timekeeper();
    ServicePolicy after = registry.policy(instance.service()).change(before -> {
      InstanceRule old =
          before.rule(instance.id(), clock.now()).orElseGet(() -> InstanceRule.by(author));
      InstanceRule signed = old.withBy(author);
      InstanceRule changed =
          step.apply(length == null ? signed : signed.withUntil(clock.now().plus(length)));
      return isEmpty(changed) ? before.without(instance.id()) : before.with(instance.id(), changed);
    });
    context
        .output()
        .show(
            RuleDocument.of(instance, after.rule(instance.id(), clock.now())), RuleDocument.LAYOUT);
  }

  private static boolean isEmpty(InstanceRule rule) {
    return !rule.disabled()
        && !rule.drain()
        && rule.weight().isEmpty()
        && rule.circuit().isEmpty();
  }

  /** Rejects an instance that is not registered, so that a mistyped id creates no rule. */
  void requireRegistered(CommandContext context, ServiceRegistry registry)
      throws InterruptedException {
    ServiceDocument document =
        ServiceCommand.read(context, registry, instance.service(), List.of());
    if (document.instances().stream().noneMatch(each -> each.id().equals(instance.id()))) {
      throw new CommandException(ExitCode.NOT_FOUND, "instance " + instance + " is not registered");
    }
  }

  /** Returns the rule with the instance disabled, or not; a circuit that is forced open is not for enable and disable. */
  InstanceRule withDisabled(InstanceRule rule, boolean disabled) {
    if (rule.isForcedOpen()) {
      throw new CommandException(
          ExitCode.CONFLICT,
          "instance " + instance
              + ": its circuit is forced open; end that with `zookit service break " + instance
              + " auto`");
    }
    return rule.withDisabled(disabled);
  }
}
