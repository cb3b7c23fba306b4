package io.zookit.config;

import io.zookit.config.format.Document;
import io.zookit.config.format.Format;
import io.zookit.config.secret.SealedValue;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A configuration as it is written: a text of one format, and the keys whose values are secret.
 *
 * <p>A secret value is plain for its author and sealed from the moment it is published or saved as a draft; a content
 * read back has the sealed text, which can be published again unchanged. {@code toString} shows no value.
 *
 * <p>Immutable. Two contents are equal when format, text and marks are.
 */
public final class Content {

  private final Document document;
  private final Set<String> marked;

  private Content(Document document, Set<String> marked) {
    this.document = document;
    this.marked = Set.copyOf(marked);
  }

  /**
   * A content of a format.
   *
   * @throws io.zookit.config.format.MalformedContentException if the text is not of the format
   */
  public static Content of(Format format, String text) {
    return new Content(format.parse(text), Set.of());
  }

  /**
   * A content of a format, from the bytes of a file in UTF-8.
   *
   * @throws io.zookit.config.format.MalformedContentException if the bytes are not UTF-8, or the text is not of the format
   */
  public static Content of(Format format, byte[] utf8) {
    return new Content(format.parse(utf8), Set.of());
  }

  /** A content of lines {@code key=value}. */
  public static Content properties(String text) {
    return of(Format.PROPERTIES, text);
  }

  /** A content in YAML. */
  public static Content yaml(String text) {
    return of(Format.YAML, text);
  }

  /** A content of one JSON object. */
  public static Content json(String text) {
    return of(Format.JSON, text);
  }

  /** A content without keys. */
  public static Content text(String text) {
    return of(Format.TEXT, text);
  }

  /** Returns the content of a namespace that has no release. */
  public static Content empty(Format format) {
    return of(format, format == Format.JSON ? "{}" : "");
  }

  /** Returns a content with the text of a document. */
  public static Content of(Document document) {
    return new Content(document, Set.of());
  }

  /** The format of the text. */
  public Format format() {
    return document.format();
  }

  /** The text; values that are sealed are shown sealed. */
  public String text() {
    return document.text();
  }

  /** All values by flat key; those that are sealed are shown sealed. */
  public Map<String, String> values() {
    return document.values();
  }

  /** One value. */
  public Optional<String> get(String key) {
    return document.value(key);
  }

  /** A copy in which a key has a value. */
  public Content with(String key, String value) {
    return new Content(document.with(key, value), marked);
  }

  /** A copy in which a key has a value that is secret. */
  public Content withSecret(String key, String value) {
    return new Content(document.with(key, value), marked).markSecret(key);
  }

  /** A copy in which the values of these keys are secret. */
  public Content markSecret(String... keys) {
    Set<String> more = new TreeSet<>(marked);
    for (String key : keys) {
      if (document.value(key).isEmpty()) {
        throw new IllegalArgumentException("key: " + key + " (expected: one that is there)");
      }
      more.add(key);
    }
    return new Content(document, more);
  }

  /** A copy without a key. */
  public Content without(String key) {
    Set<String> fewer = new TreeSet<>(marked);
    fewer.remove(key);
    return new Content(document.without(key), fewer);
  }

  /** Tells if the value of a key is secret: marked, or sealed already. */
  public boolean isSecret(String key) {
    return marked.contains(key)
        || document.value(key).filter(SealedValue::isSealed).isPresent();
  }

  /** The keys marked as secret here; those that are sealed already need no mark. */
  public Set<String> markedSecrets() {
    return marked;
  }

  /** The parsed text. */
  public Document document() {
    return document;
  }

  /** Returns a copy with another text; keys that are marked as secret stay so. */
  public Content withDocument(Document other) {
    return new Content(other, marked);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Content that
        && format() == that.format()
        && text().equals(that.text())
        && marked.equals(that.marked);
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }

  @Override
  public String toString() {
    return "Content[" + format().extension() + ", " + values().size() + " keys, "
        + text().length() + " characters]";
  }
}
