package io.zookit.samples.shop.process;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Event in a process of the shop, reported to the demo as one line on standard output: {@code event SOLD_OUT
 * sku=sku-3}.
 *
 * @param facts names and values, neither with blanks
 */
public record ShopEvent(Kind kind, Map<String, String> facts) {

  private static final String PREFIX = "event ";

  /** Kinds of events. */
  public enum Kind {
    /** A service is registered: {@code address}, {@code node} of one that runs jobs. */
    READY,
    /** A caller's view of a service got an instance: {@code service}, {@code instance}. */
    JOINED,
    /** A caller's view of a service no longer has an instance: {@code service}, {@code instance}. */
    DROPPED,
    /** A call was sent to an instance although the caller's view had dropped it before: {@code instance}. */
    WRONG_CALL,
    /** An order was confirmed to its customer: {@code order}, {@code sku}. */
    ACKNOWLEDGED,
    /** A customer received the answer that nothing is left: {@code sku}. */
    SOLD_OUT,
    /** A customer received an error for an order, or no answer at all: {@code sku}, {@code cause}. */
    FAILED,
    /** An owner of a lock waits between its read and its write: {@code lock}, {@code order}, {@code token}. */
    PAUSED,
    /** The fence refused a stale owner: {@code operation}, {@code resource}, {@code token}, {@code order} of a write. */
    REFUSED,
    /** The report on the sales of a slot was begun: {@code slot}, {@code token}. */
    REPORTED,
    /** A service uses other settings from now on: {@code edition}. */
    CONFIGURED,
    /** Settings were read for an order that are not of one release: {@code edition}. */
    TORN,
    /**
     * Number of requests that a caller has sent to a service so far: {@code calls}; {@code failed} of them, and those to a
     * {@code new-version}.
     */
    CALLS,
    /** A process has completed its work. */
    FINISHED
  }

  /** Creates an event. */
  public ShopEvent {
    facts = Map.copyOf(facts);
  }

  /** Returns an event without facts. */
  public static ShopEvent of(Kind kind) {
    return new ShopEvent(kind, Map.of());
  }

  /** Returns this event with one more fact; blanks in its value become underscores. */
  public ShopEvent with(String name, Object value) {
    Map<String, String> more = new LinkedHashMap<>(facts);
    more.put(name, value.toString().strip().replaceAll("\\s+", "_"));
    return new ShopEvent(kind, more);
  }

  /** Returns a fact; an empty string if it was not reported. */
  public String fact(String name) {
    return facts.getOrDefault(name, "");
  }

  /** Returns whether this is an event of a kind. */
  public boolean is(Kind kind) {
    return this.kind == kind;
  }

  /** Reports this event to the demo. */
  public void report() {
    System.out.println(this);
    System.out.flush();
  }

  /** Parses a line; empty if it is not an event. */
  public static Optional<ShopEvent> parse(String line) {
    if (!line.startsWith(PREFIX)) {
      return Optional.empty();
    }
    String[] words = line.substring(PREFIX.length()).split(" ", -1);
    ShopEvent event = of(Kind.valueOf(words[0]));
    for (int i = 1; i < words.length; i++) {
      String[] fact = words[i].split("=", 2);
      event = event.with(fact[0], fact[1]);
    }
    return Optional.of(event);
  }

  @Override
  public String toString() {
    return PREFIX
        + kind
        + facts.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(fact -> " " + fact.getKey() + "=" + fact.getValue())
            .collect(Collectors.joining());
  }
}
