package io.zookit.rules;

import java.util.Set;
import java.util.function.Function;

/**
 * A house rule.
 *
 * @param name short, also the name of its fixture
 * @param says the rule in a sentence
 * @param check finds every breach
 */
record Rule(String name, String says, Function<Code, Set<Finding>> check) {

  @Override
  public String toString() {
    return name;
  }
}
