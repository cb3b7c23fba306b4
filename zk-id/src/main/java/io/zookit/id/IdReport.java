package io.zookit.id;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The stored state of a name of ids.
 *
 * @param name the name
 * @param kind {@code sequence}, {@code segments}, {@code snowflake}, {@code counter} or {@code value}; of a newer version also
 *     others
 * @param state whether ids are handed out
 * @param incarnation of the data under which the name was created or last raised
 * @param generation rises with every roll, raise and resize
 * @param next a lower bound of the next number; empty if it is not known, as with a counter that does not exist, and for kinds
 *     without numbers
 * @param size numbers that one write allocates
 * @param layout of snowflake ids; empty for other kinds
 * @param reason why the name is blocked; empty if it is not
 */
public record IdReport(
    String name,
    String kind,
    State state,
    long incarnation,
    int generation,
    OptionalLong next,
    long size,
    Optional<IdLayout> layout,
    Optional<String> reason) {

  /** State of a name. */
  public enum State {
    /** Ids are handed out. */
    OPEN,
    /** A change is under way, which the next client that needs an id completes. */
    SEALED,
    /** No ids are handed out until the name is raised. */
    BLOCKED
  }
}
