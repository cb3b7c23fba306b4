package io.zookit.config.format;

import io.zookit.core.internal.codec.Stored;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Format of the text of a configuration. */
public enum Format {
  /** Lines of {@code key=value}, as Java reads them; a key twice is refused. */
  @Stored("PROPERTIES")
  PROPERTIES("properties"),
  /** YAML 1.2 without custom tags; a key twice is refused. */
  @Stored("YAML")
  YAML("yaml"),
  /** One JSON object. */
  @Stored("JSON")
  JSON("json"),
  /** Any text; it has one key, {@value Document#WHOLE}. */
  @Stored("TEXT")
  TEXT("txt");

  private final String extension;

  Format(String extension) {
    this.extension = extension;
  }

  /** The extension of a file of this format, without the dot. */
  public String extension() {
    return extension;
  }

  /** Tells if a text of this format has keys. */
  public boolean isStructured() {
    return this != TEXT;
  }

  /**
   * Reads a text, within the {@linkplain DocumentLimits#highest highest} limits that a policy may set.
   *
   * @throws MalformedContentException if it is not of this format, or exceeds a limit; the text names the line, never a
   *     value
   */
  public Document parse(String text) {
    return parse(text, DocumentLimits.highest());
  }

  /**
   * Reads a text within limits. What exceeds them is never in memory.
   *
   * @throws MalformedContentException if it is not of this format, or exceeds a limit; the text names the line, never a
   *     value
   */
  public Document parse(String text, DocumentLimits limits) {
    if (text.length() > Document.MOST_CHARACTERS) {
      throw new MalformedContentException(
          this, text.length() + " characters (expected: at most " + Document.MOST_CHARACTERS + ")");
    }
    return new Document(
        this,
        text,
        switch (this) {
          case PROPERTIES -> new PropertiesReader(text, limits).read();
          case YAML -> new YamlReader(text, limits).read();
          case JSON -> new JsonReader(text, limits).read();
          case TEXT -> Scalar.whole(text);
        });
  }

  /**
   * Reads the bytes of a text in UTF-8.
   *
   * @throws MalformedContentException if they are not UTF-8, naming the offset of the first byte that is not, or the text
   *     is not of this format
   */
  public Document parse(byte[] utf8) {
    ByteBuffer bytes = ByteBuffer.wrap(utf8);
    CharBuffer text = CharBuffer.allocate(utf8.length);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    if (decoder.decode(bytes, text, true).isError()) {
      throw new MalformedContentException(
          this, "not valid UTF-8 at byte offset " + bytes.position());
    }
    return parse(text.flip().toString());
  }

  /** The format of a file by its name; empty when no format has such an ending. */
  public static Optional<Format> ofFile(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return switch (ending) {
      case "properties" -> Optional.of(PROPERTIES);
      case "yaml", "yml" -> Optional.of(YAML);
      case "json" -> Optional.of(JSON);
      case "txt", "text" -> Optional.of(TEXT);
      default -> Optional.empty();
    };
  }
}
