package io.zookit.admin.service;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.admin.shell.Times;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.registry.policy.ServicePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that sets or ends the rule of one instance. */
abstract class InstanceVerb extends ServiceVerb {

  @Parameters(
      index = "0",
      paramLabel = "SERVICE/ID",
      converter = InstanceWords.class,
      description = "The instance.")
  private InstanceName instance = new InstanceName("service", "id");

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who says so. Default: the user of the connection, else who is logged in.")
  @Nullable
  private String by;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Times.class,
      description = "For how long it counts. Default: until it is changed.")
  @Nullable
  private Duration length;

  InstanceVerb(Shell shell) {
    super(shell);
  }

  /** The one it is about. */
  final InstanceName instance() {
    return instance;
  }

  /** Changes its rule, and says what is in force then. */
  final ExitCode change(ServiceRegistry registry, UnaryOperator<InstanceRule> step)
      throws InterruptedException {
    String who = by == null ? shell().person() : by;
    ServicePolicy after = registry.policy(instance.service()).change(before -> {
      InstanceRule old = before.rule(instance.id(), now()).orElseGet(() -> InstanceRule.by(who));
      InstanceRule fresh = step.apply(signed(old, who));
      return isEmpty(fresh) ? before.without(instance.id()) : before.with(instance.id(), fresh);
    });
    shell()
        .output()
        .show(RuleDocument.of(instance, after.rule(instance.id(), now())), RuleDocument.LAYOUT);
    return ExitCode.OK;
  }

  /** Rejects an instance that is not registered, so that a mistyped id creates no rule. */
  final void requireThere(ServiceRegistry registry) throws InterruptedException {
    boolean there = look(registry, instance.service()).instances().stream()
        .anyMatch(each -> each.id().equals(instance.id()));
    if (!there) {
      throw new CommandException(ExitCode.NOT_FOUND, "instance " + instance + " is not registered");
    }
  }

  /** Returns the rule with the instance disabled, or not; a circuit that is forced open is not for enable and disable. */
  final InstanceRule withDisabled(InstanceRule rule, boolean disabled) {
    if (rule.isForcedOpen()) {
      throw new CommandException(
          ExitCode.CONFLICT,
          "instance " + instance
              + ": its circuit is forced open; end that with `zookit service break " + instance
              + " auto`");
    }
    return rule.withDisabled(disabled);
  }

  private InstanceRule signed(InstanceRule rule, String who) {
    InstanceRule signed = rule.withBy(who);
    return length == null ? signed : signed.withUntil(now().plus(length));
  }

  private static boolean isEmpty(InstanceRule rule) {
    return !rule.disabled()
        && !rule.drain()
        && rule.weight().isEmpty()
        && rule.circuit().isEmpty();
  }

  private Instant now() {
    return shell().surroundings().timekeeper().now();
  }
}
