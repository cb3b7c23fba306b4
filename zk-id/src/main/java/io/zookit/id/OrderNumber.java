package io.zookit.id;

import io.zookit.id.internal.codes.CheckDigit;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Order numbers for people: a date, a number of a {@link Sequence}, and a check digit.
 *
 * <pre>{@code
 * OrderNumber numbers = OrderNumber.dated(ZoneId.of("Europe/Berlin")).digits(8).checked();
 * String number = numbers.next(orders);             // 20261130 00004711 8, without spaces
 * }</pre>
 *
 * <p>The number comes from one sequence that does not begin again every day, so order numbers are unique whatever the clocks
 * say. The date is the one at which the number was allocated, by the clock of the ensemble's leader, so that all processes
 * change the day with the same number; it never goes back within this object. A number that does not fit is refused.
 *
 * <p><i>Threads:</i> any. <i>Cost:</i> that of {@link Sequence#next}.
 */
public final class OrderNumber {

  private static final int DATE_DIGITS = 8;
  private static final int MOST_DIGITS = 18;

  private final ZoneId zone;
  private final int digits;
  private final boolean checked;
  private final AtomicReference<LocalDate> latest = new AtomicReference<>(LocalDate.MIN);

  private OrderNumber(ZoneId zone, int digits, boolean checked) {
    this.zone = zone;
    this.digits = digits;
    this.checked = checked;
  }

  /**
   * Order numbers with a date, a number of 10 digits and no check digit.
   *
   * @param zone of the dates
   */
  public static OrderNumber dated(ZoneId zone) {
    return new OrderNumber(zone, 10, false);
  }

  /**
   * A copy with another length of the number behind the date.
   *
   * @param count 1 to {@value #MOST_DIGITS}; it has leading zeros
   */
  public OrderNumber digits(int count) {
    if (count < 1 || count > MOST_DIGITS) {
      throw new IllegalArgumentException(
          "digits: " + count + " (expected: 1 to " + MOST_DIGITS + ")");
    }
    return new OrderNumber(zone, count, checked);
  }

  /** A copy with a check digit at the end: ISO/IEC 7064, MOD 11,10, which finds every single wrong digit. */
  public OrderNumber checked() {
    return new OrderNumber(zone, digits, true);
  }

  /**
   * Takes the next number of a sequence and returns the order number; fails as {@link Sequence#next} does.
   *
   * @throws IllegalArgumentException if the number has too many digits; it is skipped
   */
  public String next(Sequence sequence) throws InterruptedException {
    return format(sequence.nextStamped());
  }

  /**
   * Returns the order number of a number.
   *
   * @throws IllegalArgumentException if it has too many digits, or is negative
   */
  public String format(StampedNumber stamped) {
    String number = Long.toString(stamped.number());
    if (stamped.number() < 0 || number.length() > digits) {
      throw new IllegalArgumentException(
          "number: " + number + " (expected: 0 or more, at most " + digits + " digits)");
    }
    LocalDate day = stamped.allocated().atZone(zone).toLocalDate();
    LocalDate shown = latest.accumulateAndGet(day, (a, b) -> a.isAfter(b) ? a : b);
    String text = DateTimeFormatter.BASIC_ISO_DATE.format(shown)
        + "0".repeat(digits - number.length())
        + number;
    return checked ? text + CheckDigit.of(text) : text;
  }

  /** Returns the number in an order number; empty if the text is none of this form, or its check digit is wrong. */
  public OptionalLong number(String text) {
    int length = DATE_DIGITS + digits + (checked ? 1 : 0);
    boolean numeric = text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (text.length() != length || !numeric || (checked && !CheckDigit.isValid(text))) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(text.substring(DATE_DIGITS, DATE_DIGITS + digits)));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "order numbers of %d digits%s", digits, checked ? ", checked" : "");
  }
}
