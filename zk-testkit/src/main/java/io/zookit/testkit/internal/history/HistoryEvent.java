package io.zookit.testkit.internal.history;

import io.zookit.core.FencingToken;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * One event of a history.
 *
 * @param nanos the time, on the monotonic clock of the machine
 * @param kind the kind of event
 * @param client the client; one client does one thing at a time
 * @param name of the lock or counter; empty for {@link Kind#ENDED}
 * @param token the token that was granted or used
 * @param value the value of the counter
 */
public record HistoryEvent(
    long nanos,
    Kind kind,
    String client,
    String name,
    Optional<FencingToken> token,
    OptionalLong value) {

  public enum Kind {
    INVOKED,
    ACKNOWLEDGED,
    FAILED,
    UNKNOWN,
    GRANTED,
    RELEASING,
    LOST,
    ENDED
  }

  private static final String PREFIX = "zookit-history";
  private static final String SEPARATOR = "\t";
  private static final Pattern SEPARATORS = Pattern.compile(SEPARATOR);
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final String NONE = "-";
  private static final int FIELDS = 7;

  public HistoryEvent {
    requirePlain("client", client);
    requirePlain("name", name);
  }

  /** One line, which {@link #parse} reads. */
  public String line() {
    return String.join(
        SEPARATOR,
        PREFIX,
        String.valueOf(nanos),
        kind.name(),
        client,
        name,
        token.map(FencingToken::toString).orElse(NONE),
        value.isPresent() ? String.valueOf(value.getAsLong()) : NONE);
  }

  /** Reads a line; empty when it is none of these. */
  public static Optional<HistoryEvent> parse(String line) {
    List<String> fields = SEPARATORS.splitAsStream(line).toList();
    if (fields.size() != FIELDS || !fields.get(0).equals(PREFIX)) {
      return Optional.empty();
    }
    String token = fields.get(5);
    String value = fields.get(6);
    return Optional.of(new HistoryEvent(
        Long.parseLong(fields.get(1)),
        Kind.valueOf(fields.get(2)),
        fields.get(3),
        fields.get(4),
        token.equals(NONE) ? Optional.empty() : Optional.of(FencingToken.parse(token)),
        value.equals(NONE) ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value))));
  }

  /** For people, with the time since another moment. */
  public String since(long origin) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format("%+12.6f s  %-12s %-12s %s", (nanos - origin) / 1e9, client, kind, name));
    token.ifPresent(each -> text.append("  token ").append(each));
    value.ifPresent(each -> text.append("  value ").append(each));
    return text.toString().stripTrailing();
  }

  private static void requirePlain(String what, String text) {
    if (CONTROL.matcher(text).find()) {
      throw new IllegalArgumentException(what + ": \"" + CONTROL.matcher(text).replaceAll("?")
          + "\" (expected: no control character)");
    }
  }
}
