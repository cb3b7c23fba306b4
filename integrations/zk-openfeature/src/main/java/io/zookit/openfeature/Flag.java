package io.zookit.openfeature;

import dev.openfeature.sdk.Reason;
import dev.openfeature.sdk.exceptions.FlagNotFoundError;
import dev.openfeature.sdk.exceptions.OpenFeatureError;
import dev.openfeature.sdk.exceptions.ParseError;
import dev.openfeature.sdk.exceptions.TargetingKeyMissingError;
import io.zookit.config.gray.Audience;
import io.zookit.config.gray.AudienceMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A flag: rules that are tried in their order, and what those get that match none. Immutable.
 *
 * @param rules none if the flag is a plain value
 * @param otherwise for contexts that match no rule
 */
record Flag(List<TargetingRule> rules, FlagVariant otherwise) {

  /** The members of a flag that has rules. */
  private static final String RULES = ".rules";

  private static final String DEFAULT = ".default";

  /**
   * A rule.
   *
   * @param audience the contexts that it applies to; its dose is by the hash of the flag and the targeting key
   * @param variant what these get
   */
  record TargetingRule(AudienceMatcher audience, FlagVariant variant) {

    boolean hasShare() {
      return audience.threshold() != AudienceMatcher.OPEN;
    }
  }

  /**
   * Reads a flag.
   *
   * @param namespace part of the hash of shares
   * @throws OpenFeatureError if it does not exist, or a rule is not valid
   */
  static Flag read(String key, Map<String, String> values, String namespace) {
    FlagValue plain = new FlagValue(values, key);
    if (!plain.exists()) {
      throw new FlagNotFoundError(key + ": is not in " + namespace);
    }
    if (!new FlagValue(values, key + RULES).exists()) {
      return new Flag(List.of(), new FlagVariant("value", plain, Reason.STATIC));
    }
    FlagValue otherwise = new FlagValue(values, key + DEFAULT);
    if (!otherwise.exists()) {
      throw new ParseError(key + ": has rules and no default");
    }
    return new Flag(
        rules(key, values, namespace), new FlagVariant("default", otherwise, Reason.DEFAULT));
  }

  private static List<TargetingRule> rules(
      String key, Map<String, String> values, String namespace) {
    List<TargetingRule> rules = new ArrayList<>();
    for (int i = 0; ; i++) {
      String name = "rules[" + i + "]";
      String place = key + "." + name;
      if (!new FlagValue(values, place).exists()) {
        return List.copyOf(rules);
      }
      String audience = values.get(place + ".audience");
      FlagValue value = new FlagValue(values, place + ".value");
      if (audience == null || !value.exists()) {
        throw new ParseError(place + ": has no audience or no value");
      }
      AudienceMatcher matcher = matcher(audience, namespace, key, place);
      Reason reason =
          matcher.threshold() == AudienceMatcher.OPEN ? Reason.TARGETING_MATCH : Reason.SPLIT;
      rules.add(new TargetingRule(matcher, new FlagVariant(name, value, reason)));
    }
  }

  private static AudienceMatcher matcher(String text, String namespace, String salt, String place) {
    try {
      Audience audience = Audience.parse(text);
      if (audience.isCounted()) {
        throw new ParseError(place + ": audience " + text + " (expected: percent, not count)");
      }
      return AudienceMatcher.measured(audience, namespace, salt, List.of());
    } catch (IllegalArgumentException e) {
      throw new ParseError(place + ": " + e.getMessage(), e);
    }
  }

  /**
   * Chooses for a context.
   *
   * @throws TargetingKeyMissingError if a rule takes a share of those that it describes, and the context has no key
   */
  FlagVariant choose(FlagContext context) {
    for (TargetingRule rule : rules) {
      if (rule.hasShare()
          && !context.isTargeted()
          && rule.audience().audience().describes(context.instance())) {
        throw new TargetingKeyMissingError(
            rule.variant().value().place() + ": is for a share of the targeting keys");
      }
      if (rule.audience().admits(context.instance())) {
        return rule.variant();
      }
    }
    return otherwise;
  }
}
