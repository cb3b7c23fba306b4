package io.zookit.config.secret;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A secret value as it is stored; {@link #toString} is its text in a configuration.
 */
public final class SealedValue {

  private static final String PREFIX = "{sealed}";
  private static final Pattern TEXT = Pattern.compile(
      Pattern.quote(PREFIX) + "([A-Za-z0-9._-]{1,64}):([A-Za-z0-9_-]+):([A-Za-z0-9_-]+)");

  private final String keyId;
  private final byte[] bytes;
  private final byte[] mark;

  SealedValue(String keyId, byte[] bytes, byte[] mark) {
    this.keyId = keyId;
    this.bytes = bytes;
    this.mark = mark;
  }

  /** Reads a value; empty when the text is not a sealed one. */
  public static Optional<SealedValue> read(@Nullable String text) {
    if (text == null || !text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Base64.Decoder decoder = Base64.getUrlDecoder();
    try {
      return Optional.of(new SealedValue(
          matcher.group(1), decoder.decode(matcher.group(2)), decoder.decode(matcher.group(3))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Tells if a text has the form of a sealed value, well made or not. */
  public static boolean isSealed(String text) {
    return text.startsWith(PREFIX);
  }

  /** The data key it was sealed with. */
  public String keyId() {
    return keyId;
  }

  byte[] bytes() {
    return bytes;
  }

  byte[] mark() {
    return mark;
  }

  @Override
  public String toString() {
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    return PREFIX + keyId + ":" + encoder.encodeToString(bytes) + ":"
        + encoder.encodeToString(mark);
  }
}
