package io.zookit.openfeature;

import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.Value;
import dev.openfeature.sdk.exceptions.InvalidContextError;
import io.zookit.config.gray.Instance;
import io.zookit.config.gray.StickyHash;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The evaluation context as rules for audiences see it: the targeting key is the id, the attribute {@code ip} the address,
 * and all others are labels.
 *
 * @param instance what rules are matched with
 * @param isTargeted whether there was a targeting key
 */
record FlagContext(Instance instance, boolean isTargeted) {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final Pattern LABEL = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");
  private static final int LONGEST_LABEL = 128;
  private static final String ADDRESS = "ip";
  private static final String NO_TARGET = "no.targeting.key";

  static FlagContext of(@Nullable EvaluationContext context) {
    if (context == null) {
      return new FlagContext(Instance.named(NO_TARGET), false);
    }
    String key = context.getTargetingKey();
    boolean targeted = key != null && !key.isEmpty();
    Map<String, String> labels = new TreeMap<>();
    context.asUnmodifiableMap().forEach((name, value) -> {
      String text = text(value);
      if (text != null && isLabel(name, text)) {
        labels.put(name, text);
      }
    });
    labels.remove(EvaluationContext.TARGETING_KEY);
    String address = labels.getOrDefault(ADDRESS, "");
    labels.remove(ADDRESS);
    try {
      return new FlagContext(
          new Instance(targeted ? id(String.valueOf(key)) : NO_TARGET, address, labels), targeted);
    } catch (IllegalArgumentException e) {
      throw new InvalidContextError(String.valueOf(e.getMessage()), e);
    }
  }

  /** A key that is not a name, such as a mail address, is replaced by its hash; no rule can list it. */
  private static String id(String key) {
    return ID.matcher(key).matches() ? key : "hash." + Long.toHexString(StickyHash.of("", "", key));
  }

  /** Attributes that no rule can ask for are left out. */
  private static boolean isLabel(String name, String value) {
    return LABEL.matcher(name).matches()
        && value.length() <= LONGEST_LABEL
        && value.chars().noneMatch(c -> c < ' ');
  }

  private static @Nullable String text(Value value) {
    return value.isString() || value.isBoolean() || value.isNumber()
        ? String.valueOf(value.asObject())
        : null;
  }
}
