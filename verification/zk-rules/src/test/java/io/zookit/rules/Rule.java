package io.zookit.rules;

import java.util.Set;
import java.util.function.Function;

/**
 * A house rule.
 *
 * @param name short, also the name of its fixture
 * @param says the rule in a sentence
 * @param kind meaning of a finding in the modules
 * @param check finds every breach
 */
record Rule(String name, String says, Kind kind, Function<Code, Set<Finding>> check) {

  /** Meaning of a finding in the modules. */
  enum Kind {
    /** The build fails. */
    GATE,
    /** The finding is printed: a question for the author of a change, not a limit. */
    REPORT,
    /** The build fails unless the number of findings at each place is the one in its {@link Ratchet}. */
    RATCHET,
    /** The build fails if the number of findings at a place is larger than the one in its {@link Ratchet}. */
    CEILING
  }

  /** A rule that fails the build. */
  Rule(String name, String says, Function<Code, Set<Finding>> check) {
    this(name, says, Kind.GATE, check);
  }

  /** A rule whose findings are only printed. */
  static Rule report(String name, String says, Function<Code, Set<Finding>> check) {
    return new Rule(name, says, Kind.REPORT, check);
  }

  /** A rule with known findings; their number at each place may only fall, and is written down when it does. */
  static Rule ratchet(String name, String says, Function<Code, Set<Finding>> check) {
    return new Rule(name, says, Kind.RATCHET, check);
  }

  /** A rule with known findings; their number at each place is at most the one written down. */
  static Rule ceiling(String name, String says, Function<Code, Set<Finding>> check) {
    return new Rule(name, says, Kind.CEILING, check);
  }

  /** Tells if known findings are kept in a file. */
  boolean isCounted() {
    return kind == Kind.RATCHET || kind == Kind.CEILING;
  }

  @Override
  public String toString() {
    return name;
  }
}
