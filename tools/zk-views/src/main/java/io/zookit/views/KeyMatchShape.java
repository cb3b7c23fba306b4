package io.zookit.views;

import io.zookit.config.Environments;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key that is in force.
 *
 * @param rule why its release is in force
 * @param value hidden if it is secret
 * @param problem why the namespace could not be searched; null if it was
 */
public record KeyMatchShape(
    String namespace,
    int release,
    String rule,
    String key,
    String value,
    boolean secret,
    @Nullable String problem) {

  /** The keys that were found, and a row for each namespace that could not be searched. */
  public static List<KeyMatchShape> of(Environments.KeySearch search) {
    List<KeyMatchShape> all = new ArrayList<>();
    search
        .matches()
        .forEach(each -> all.add(new KeyMatchShape(
            each.namespace().toString(),
            each.release(),
            each.rule(),
            each.key(),
            each.value(),
            each.secret(),
            null)));
    search
        .unreadable()
        .forEach(
            each -> all.add(new KeyMatchShape(each.name(), 0, "", "", "", false, each.reason())));
    return List.copyOf(all);
  }
}
