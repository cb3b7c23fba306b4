package io.zookit.config.format;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A text with its values under flat keys: {@code a.b} for {@code b} inside {@code a}, {@code a[0]} for an element of a
 * list.
 *
 * <p>Values are replaced in place, so comments and order stay. A new key is appended to properties; in YAML and JSON a
 * key that comes or goes has the text written again, which keeps the order and loses comments. Null values have no key;
 * an empty list or map is an empty value.
 *
 * <p>Immutable.
 */
public final class Document {

  /** The key of a text without keys. */
  public static final String WHOLE = "content";

  static final int MOST_CHARACTERS = 16 * 1024 * 1024;
  static final int MOST_DEPTH = 32;

  private final Format format;
  private final String text;
  private final Map<String, Scalar> scalars;
  private final Map<String, String> values;

  Document(Format format, String text, Map<String, Scalar> scalars) {
    this.format = format;
    this.text = text;
    this.scalars = scalars;
    Map<String, String> plain = new LinkedHashMap<>();
    scalars.forEach((key, scalar) -> plain.put(key, scalar.value()));
    this.values = Collections.unmodifiableMap(plain);
  }

  /** The format of the text. */
  public Format format() {
    return format;
  }

  /** The text as it was written. */
  public String text() {
    return text;
  }

  /** All values by flat key, in the order of the text. */
  public Map<String, String> values() {
    return values;
  }

  /** The number of characters of all keys and values together. */
  public long characters() {
    return values.entrySet().stream()
        .mapToLong(each -> each.getKey().length() + (long) each.getValue().length())
        .sum();
  }

  /** One value. */
  public Optional<String> value(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /**
   * A copy with another value for each key given; all must be there.
   *
   * @throws IllegalArgumentException if a key is missing, or shares its place with one that gets another value
   */
  public Document replaceAll(Map<String, String> replacements) {
    Map<Integer, Edit> edits = new LinkedHashMap<>();
    replacements.forEach((key, value) -> {
      Scalar old = scalars.get(key);
      if (old == null) {
        throw new IllegalArgumentException("key: " + key + " (expected: one that is there)");
      }
      Edit edit = new Edit(old.start(), old.end(), Quoting.render(format, text, old, value));
      Edit other = edits.put(old.start(), edit);
      if (other != null && !other.equals(edit)) {
        throw new IllegalArgumentException(
            "key: " + key + " shares its value with another by an alias (expected: its own)");
      }
    });
    requireNoSharing(replacements.keySet());
    return format.parse(apply(new ArrayList<>(edits.values())));
  }

  /** A copy in which a key has a value, new or replaced. */
  public Document with(String key, String value) {
    if (scalars.containsKey(key)) {
      return replaceAll(Map.of(key, value));
    }
    return switch (format) {
      case PROPERTIES -> format.parse(append(key, value));
      case YAML, JSON -> format.parse(Tree.of(this).with(key, value).render(format));
      case TEXT ->
        throw new IllegalArgumentException(
            "key: " + key + " (expected: \"" + WHOLE + "\", a text has no other)");
    };
  }

  /** A copy without a key; the same when it is not there. */
  public Document without(String key) {
    Scalar old = scalars.get(key);
    if (old == null) {
      return this;
    }
    return switch (format) {
      case PROPERTIES -> format.parse(apply(List.of(lineOf(old))));
      case YAML, JSON -> format.parse(Tree.of(this).without(key).render(format));
      case TEXT -> format.parse("");
    };
  }

  /** The same as JSON text: for schemas and for showing. Values of properties are strings. */
  public String asJson() {
    return Tree.of(this).render(Format.JSON);
  }

  @Override
  public String toString() {
    return format.extension() + " of " + values.size() + " keys";
  }

  /** One replaced piece of the text. */
  private record Edit(int start, int end, String text) {}

  private String apply(List<Edit> edits) {
    edits = new ArrayList<>(edits);
    edits.sort(Comparator.comparingInt(Edit::start).reversed());
    StringBuilder changed = new StringBuilder(text);
    for (Edit edit : edits) {
      changed.replace(edit.start(), edit.end(), edit.text());
    }
    return changed.toString();
  }

  private void requireNoSharing(Set<String> replaced) {
    Set<Integer> places = new java.util.HashSet<>();
    replaced.forEach(key -> places.add(scalarAt(key).start()));
    scalars.forEach((key, scalar) -> {
      if (places.contains(scalar.start())
          && scalar.end() > scalar.start()
          && !replaced.contains(key)) {
        throw new IllegalArgumentException(
            "key: " + key + " shares its value with another by an alias (expected: its own)");
      }
    });
  }

  private Scalar scalarAt(String key) {
    return java.util.Objects.requireNonNull(scalars.get(key));
  }

  private String append(String key, String value) {
    String separator = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
    return text + separator + Quoting.propertiesKey(key) + "=" + Quoting.propertiesValue(value)
        + "\n";
  }

  /** The whole line of a property, from the start of its key to the start of the next line. */
  private Edit lineOf(Scalar scalar) {
    int start = new PropertiesReader(text, DocumentLimits.highest()).lineStart(scalar.start());
    int end = scalar.end();
    while (end < text.length() && text.charAt(end) != '\n') {
      end++;
    }
    return new Edit(start, Math.min(end + 1, text.length()), "");
  }
}
