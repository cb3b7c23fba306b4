package io.zookit.config.format;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.patch.Patch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * The difference of two texts: by key, and line by line.
 *
 * @param keys what happened to each key, by key; empty for texts without keys
 * @param unified the lines of a unified diff, empty when the texts are the same
 */
public record Diff(List<KeyChange> keys, List<String> unified) {

  /** The text of a diff for a value that is hidden. */
  public static final String HIDDEN = "(secret)";

  private static final int CONTEXT = 3;

  /** Creates a diff. */
  public Diff {
    keys = List.copyOf(keys);
    unified = List.copyOf(unified);
  }

  /** Tells if the texts are the same to the last character. */
  public boolean isEmpty() {
    return keys.isEmpty() && unified.isEmpty();
  }

  /**
   * Compares two texts.
   *
   * @param hidden whether the value of a key must not be shown
   */
  public static Diff between(
      String beforeName,
      Document before,
      String afterName,
      Document after,
      BiPredicate<String, String> hidden) {
    Map<String, String> old = new LinkedHashMap<>(before.values());
    List<KeyChange> keys = new ArrayList<>();
    if (before.format().isStructured() || after.format().isStructured()) {
      after.values().forEach((key, value) -> {
        String was = old.remove(key);
        if (was == null) {
          keys.add(new KeyChange.Added(key, shown(key, value, hidden)));
        } else if (!was.equals(value)) {
          keys.add(new KeyChange.Changed(key, shown(key, was, hidden), shown(key, value, hidden)));
        }
      });
      old.forEach((key, value) -> keys.add(new KeyChange.Removed(key, shown(key, value, hidden))));
    }
    return new Diff(
        keys, unified(beforeName, mask(before, hidden), afterName, mask(after, hidden)));
  }

  private static String shown(String key, String value, BiPredicate<String, String> hidden) {
    return hidden.test(key, value) ? HIDDEN : value;
  }

  private static Document mask(Document document, BiPredicate<String, String> hidden) {
    Map<String, String> masked = new LinkedHashMap<>();
    document.values().forEach((key, value) -> {
      if (hidden.test(key, value)) {
        masked.put(key, HIDDEN);
      }
    });
    return masked.isEmpty() ? document : document.replaceAll(masked);
  }

  private static List<String> unified(
      String beforeName, Document before, String afterName, Document after) {
    List<String> old = before.text().lines().toList();
    Patch<String> patch = DiffUtils.diff(old, after.text().lines().toList());
    return UnifiedDiffUtils.generateUnifiedDiff(beforeName, afterName, old, patch, CONTEXT);
  }
}
