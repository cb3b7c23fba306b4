package io.zookit.rules;

import java.util.Set;
import java.util.function.Function;

/**
 * A house rule.
 *
 * @param name short, also the name of its fixture
 * @param says the rule in a sentence
 * @param kind what a finding in the modules means
 * @param check finds every breach
 */
record Rule(String name, String says, Kind kind, Function<Code, Set<Finding>> check) {

  /** What a finding in the modules means. */
  enum Kind {
    /** The build fails. */
    GATE,
    /** The finding is printed: a question for whoever changes the file, not a limit. */
    REPORT
  }

  /** A rule that fails the build. */
  Rule(String name, String says, Function<Code, Set<Finding>> check) {
    this(name, says, Kind.GATE, check);
  }

  /** A rule whose findings are only printed. */
  static Rule report(String name, String says, Function<Code, Set<Finding>> check) {
    return new Rule(name, says, Kind.REPORT, check);
  }

  @Override
  public String toString() {
    return name;
  }
}
