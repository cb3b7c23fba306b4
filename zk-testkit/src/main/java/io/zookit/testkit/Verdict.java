package io.zookit.testkit;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The result of a check of a {@link RecordedHistory}.
 *
 * @param property the property that was checked
 * @param trials the number of grants or operations that were checked
 * @param unknowns the number of those without a known outcome
 * @param violationCount the number of violations
 * @param violations the first of them, each with an excerpt of the history
 */
public record Verdict(
    String property, long trials, long unknowns, long violationCount, List<String> violations) {

  /** With no failure in n trials the failure rate is, at 95 % confidence, at most 3/n. */
  private static final double RULE_OF_THREE = 3;

  /** Creates a verdict. */
  public Verdict {
    violations = List.copyOf(violations);
  }

  /** Returns whether the property held and anything was checked. */
  public boolean holds() {
    return violationCount == 0 && trials > 0;
  }

  /**
   * The greatest rate of violations that seeing none is compatible with, at 95 % confidence: 3/trials; empty when some
   * were seen or nothing was tried.
   */
  public OptionalDouble bound() {
    return holds() ? OptionalDouble.of(RULE_OF_THREE / trials) : OptionalDouble.empty();
  }

  /** For people: one line, and the violations below it. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(property)
        .append(": ")
        .append(violationCount)
        .append(" violations in ")
        .append(trials)
        .append(" trials, ")
        .append(unknowns)
        .append(" unknown");
    bound()
        .ifPresent(
            rate -> text.append(String.format(Locale.ROOT, ", rate at most %.2g (95 %%)", rate)));
    violations.forEach(each -> text.append("\n\n").append(each));
    if (violations.size() < violationCount) {
      text.append("\n\nand ").append(violationCount - violations.size()).append(" more");
    }
    return text.toString();
  }
}
