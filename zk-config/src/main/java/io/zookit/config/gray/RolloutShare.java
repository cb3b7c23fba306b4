package io.zookit.config.gray;

import java.math.BigDecimal;
import java.math.BigInteger;

/** The share of those described. */
sealed interface RolloutShare {

  /** A share of those that exist and will exist, in thousandths of a percent. */
  record Percent(int thousandths) implements RolloutShare {
    private static final int ALL = 100_000;

    public Percent {
      if (thousandths < 1 || thousandths > ALL) {
        throw new IllegalArgumentException("percent: " + BigDecimal.valueOf(thousandths, 3)
            + " (expected: more than 0, at most 100, three decimals)");
      }
    }

    static Percent of(BigDecimal percent) {
      try {
        return new Percent(percent.movePointRight(3).intValueExact());
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(
            "percent: " + percent + " (expected: more than 0, at most 100, three decimals)");
      }
    }

    /** The greatest hash that is in. */
    long threshold() {
      return BigInteger.ONE
          .shiftLeft(64)
          .multiply(BigInteger.valueOf(thousandths))
          .divide(BigInteger.valueOf(ALL))
          .subtract(BigInteger.ONE)
          .longValue();
    }

    @Override
    public String toString() {
      return "percent("
          + BigDecimal.valueOf(thousandths, 3).stripTrailingZeros().toPlainString() + ")";
    }
  }

  /** Exactly that number of those that exist when the step starts. */
  record Count(int number) implements RolloutShare {
    public Count {
      if (number < 1 || number > 100_000) {
        throw new IllegalArgumentException("count: " + number + " (expected: 1 to 100000)");
      }
    }

    @Override
    public String toString() {
      return "count(" + number + ")";
    }
  }
}
