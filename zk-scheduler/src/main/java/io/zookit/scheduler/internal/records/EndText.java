package io.zookit.scheduler.internal.records;

import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of a claim as text: its fields in the order of {@link EndRecord}, separated by {@code |}, instants in base 36.
 * It takes less than half of the bytes of the same fields with names.
 *
 * <p>In texts {@code %}, {@code |} and {@code ~} are escaped; an absent field is {@code ~}. Readers ignore further fields.
 */
final class EndText {

  private static final int RADIX = Character.MAX_RADIX;
  private static final String ABSENT = "~";
  private static final int FIELDS = 13;

  private EndText() {}

  static String write(EndRecord end) {
    return String.join(
        "|",
        text(end.id()),
        number(end.slot().at()),
        text(end.slot().label()),
        end.slot().fold() == null ? ABSENT : Integer.toString(end.slot().fold()),
        text(end.manual()),
        text(end.owner()),
        Integer.toString(end.attempt()),
        number(end.at()),
        number(end.end()),
        String.valueOf(OutcomeLog.codeOf(end.outcome())),
        text(end.error()),
        end.overlap() == null ? ABSENT : end.overlap() ? "1" : "0",
        text(end.node()));
  }

  /**
   * Reads an end.
   *
   * @throws IllegalArgumentException if the text is not one
   */
  static EndRecord read(String text) {
    String[] fields = text.split("\\|", -1);
    if (fields.length < FIELDS) {
      throw new IllegalArgumentException(
          "end: " + fields.length + " fields (expected: " + FIELDS + " or more)");
    }
    String fold = fields[3];
    String overlap = fields[11];
    SlotRecord slot = new SlotRecord(
        Long.parseLong(fields[1], RADIX),
        textOf(fields[2]),
        ABSENT.equals(fold) ? null : Integer.valueOf(fold));
    return new EndRecord(
        required(fields[0]),
        slot,
        textOf(fields[4]),
        required(fields[5]),
        Integer.parseInt(fields[6]),
        Long.parseLong(fields[7], RADIX),
        Long.parseLong(fields[8], RADIX),
        outcome(fields[9]),
        textOf(fields[10]),
        ABSENT.equals(overlap) ? null : "1".equals(overlap),
        textOf(fields[12]));
  }

  static List<String> write(List<EndRecord> ends) {
    return ends.stream().map(EndText::write).toList();
  }

  static List<EndRecord> read(List<String> texts) {
    return texts.stream().map(EndText::read).toList();
  }

  private static SlotOutcome outcome(String code) {
    for (SlotOutcome outcome : SlotOutcome.values()) {
      if (code.equals(String.valueOf(OutcomeLog.codeOf(outcome)))) {
        return outcome;
      }
    }
    throw new IllegalArgumentException("outcome: \"" + code + "\" (expected: a known code)");
  }

  private static String number(long value) {
    return Long.toString(value, RADIX);
  }

  private static String text(@Nullable String value) {
    return value == null
        ? ABSENT
        : value.replace("%", "%25").replace("|", "%7C").replace("~", "%7E");
  }

  private static @Nullable String textOf(String field) {
    return ABSENT.equals(field)
        ? null
        : field.replace("%7E", "~").replace("%7C", "|").replace("%25", "%");
  }

  private static String required(String field) {
    String text = textOf(field);
    if (text == null) {
      throw new IllegalArgumentException("end: a field is absent (expected: a text)");
    }
    return text;
  }
}
