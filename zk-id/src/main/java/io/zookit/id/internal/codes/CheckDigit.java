package io.zookit.id.internal.codes;

/**
 * The check digit of ISO/IEC 7064, MOD 11,10: one decimal digit behind decimal digits, which finds every wrong digit and
 * most transpositions.
 */
public final class CheckDigit {

  private CheckDigit() {}

  /**
   * Returns the check digit of a text.
   *
   * @param digits decimal digits
   */
  public static char of(String digits) {
    return (char) ('0' + (11 - remainder(digits)) % 10);
  }

  /** Tells if a text ends with its check digit; false if it has other characters than digits, or fewer than two. */
  public static boolean isValid(String checked) {
    if (checked.length() < 2 || !checked.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return false;
    }
    int end = checked.length() - 1;
    return of(checked.substring(0, end)) == checked.charAt(end);
  }

  /** The sum of the standard, doubled after each digit: 1 to 10. */
  private static int remainder(String digits) {
    int product = 10;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new IllegalArgumentException("digits: \"" + digits + "\" (expected: 0 to 9 only)");
      }
      int sum = (product + digit) % 10;
      product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return product;
  }
}
