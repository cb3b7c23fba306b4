package io.zookit.scheduler.time;

import io.zookit.core.internal.path.ZkPath;
import java.util.BitSet;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Permitted values of one field of a cron expression, and the parser of its lists, ranges and steps. */
record FieldRange(String name, int least, int most, Map<String, Integer> names) {

  private static final Pattern ITEM =
      Pattern.compile("(?:(\\*)|(\\w+)(?:-(\\w+))?)?(?:/(\\d{1,4}))?");

  /** The values of a field as bits. */
  long longBits(String field) {
    return bits(field).toLongArray()[0];
  }

  /** The values of a field. */
  BitSet bits(String field) {
    BitSet values = new BitSet();
    for (String item : CronParser.items(field)) {
      add(item, values);
    }
    return values;
  }

  private void add(String item, BitSet values) {
    Matcher parts = ITEM.matcher(item);
    if (item.isEmpty() || !parts.matches()) {
      throw refuse(item);
    }
    boolean all = parts.group(2) == null;
    boolean stepped = parts.group(4) != null;
    int from = all ? least : value(parts.group(2), item);
    int to = from;
    if (parts.group(3) != null) {
      to = value(parts.group(3), item);
    } else if (all || stepped) {
      to = most;
    }
    int step = stepped ? step(parts.group(4), item) : 1;
    int span = most - least + 1;
    if (to < from && least > 12) {
      throw refuse(item);
    }
    int last = to < from ? to + span : to;
    for (int value = from; value <= last; value += step) {
      values.set(value > most ? value - span : value);
    }
  }

  private int step(String text, String item) {
    int step = Integer.parseInt(text);
    if (step < 1 || step > most) {
      throw refuse(item);
    }
    return step;
  }

  /** One value, by number or name. */
  int value(String text, String item) {
    Integer named = names.get(text);
    if (named != null) {
      return named;
    }
    if (text.isEmpty() || text.length() > 4 || !text.chars().allMatch(Character::isDigit)) {
      throw refuse(item);
    }
    int value = Integer.parseInt(text);
    if (value < least || value > most) {
      throw refuse(item);
    }
    return value;
  }

  IllegalArgumentException refuse(String item) {
    return new IllegalArgumentException(
        name + ": \"" + ZkPath.printable(item) + "\" (expected: " + least + " to " + most
            + ", lists, ranges, steps" + (names.isEmpty() ? "" : ", names") + ")");
  }
}
