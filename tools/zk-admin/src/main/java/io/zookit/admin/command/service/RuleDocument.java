package io.zookit.admin.command.service;

import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Style;
import io.zookit.registry.policy.CircuitOverride;
import io.zookit.registry.policy.InstanceRule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The operator rule of an instance, as programs see it.
 *
 * @param weight the weight that replaces the instance's own; null if the rule sets none
 * @param by the operator that set the rule; null if there is no rule
 * @param disabled whether no consumer calls it; also the case while its circuit is forced open
 * @param until the time at which the rule expires; null for never
 * @param circuit the override of the circuit breakers of consumers, {@code forced-open} or {@code disabled}; null if they
 *     decide for themselves
 */
record RuleDocument(
    String instance,
    boolean disabled,
    @Nullable Integer weight,
    boolean drain,
    @Nullable String by,
    @Nullable Instant until,
    @Nullable String circuit) {

  private static final String FORCED_OPEN = "forced-open";

  static final Layout<RuleDocument> LAYOUT = Layout.of(
      RuleDocument::instance,
      Column.of("INSTANCE", RuleDocument::instance),
      new Column<>("RULE", rule -> new Cell(rule.words(), Style.ODD)),
      Column.of("BY", rule -> DisplayText.orBlank(rule.by)),
      Column.of("UNTIL", rule -> DisplayText.orBlank(rule.until)));

  static RuleDocument of(RuleChange.InstanceName instance, Optional<InstanceRule> rule) {
    return new RuleDocument(
        instance.toString(),
        rule.map(InstanceRule::disabled).orElse(false),
        rule.flatMap(InstanceRule::weight).orElse(null),
        rule.map(InstanceRule::drain).orElse(false),
        rule.map(InstanceRule::by).orElse(null),
        rule.flatMap(InstanceRule::until).orElse(null),
        rule.flatMap(InstanceRule::circuit).map(RuleDocument::word).orElse(null));
  }

  private static String word(CircuitOverride circuit) {
    return switch (circuit) {
      case FORCED_OPEN -> FORCED_OPEN;
      case DISABLED -> "disabled";
    };
  }

  /** In a few words. */
  String words() {
    List<String> words = new ArrayList<>();
    if (FORCED_OPEN.equals(circuit)) {
      words.add("circuit forced open");
    } else if (disabled) {
      words.add("disabled");
    }
    if (circuit != null && !FORCED_OPEN.equals(circuit)) {
      words.add("circuit breakers off");
    }
    if (drain) {
      words.add("draining");
    }
    if (weight != null) {
      words.add("weight " + weight);
    }
    return words.isEmpty() ? "none" : String.join(", ", words);
  }
}
