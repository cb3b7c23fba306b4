package io.zookit.lock.internal.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One request in a queue, as its node's name tells it: {@code <mode><attempt>[_<weight>]-<sequence>}, short because
 * listings are most of the traffic.
 *
 * @param node the whole name
 * @param mode one letter; an unknown one conflicts with everything
 * @param weight how many permits, in base 36 in the name; 1 unless it says so. Requests for numbers have theirs in it
 * @param sequence ZooKeeper's number, the order of the queue
 */
public record QueueEntry(String node, char mode, int weight, int sequence) {

  /** The mode of a request that shares with its like. */
  public static final char SHARED = 'r';

  /** The mode of a request for permits of a semaphore. */
  public static final char PERMITS = 'p';

  /** Stands before the weight. */
  public static final char WEIGHT_MARK = '_';

  /** The mode of a request that excludes all others. */
  public static final char EXCLUSIVE = 'x';

  /** The mode of a request for one of several numbers, which is its weight less one. */
  public static final char NUMBERED = 'n';

  /** The mode of a request that waits until any number is free; its weight is how many numbers it knows. */
  public static final char ANY_NUMBER = 'w';

  /**
   * From here on a sequence is refused. The number is an int that sticks at its greatest value, and requests with equal
   * numbers have no order. The distance leaves room for all requests under way.
   */
  public static final int SEQUENCE_LIMIT = Integer.MAX_VALUE - (1 << 16);

  /**
   * The sequence number from which on the request that leaves a queue empty removes its folder, which restarts the
   * numbers.
   */
  public static final int SEQUENCE_RENEWAL = 1 << 30;

  private static final int DIGITS = 10;

  /** Reads a name; empty when it is outside the grammar, which makes it none of ours. */
  public static Optional<QueueEntry> parse(String node) {
    int end = node.length() - DIGITS;
    boolean negative = end > 1 && node.charAt(end - 1) == '-' && node.charAt(end - 2) == '-';
    int dash = negative ? end - 2 : end - 1;
    if (dash < 2 || node.charAt(dash) != '-' || !isLetter(node.charAt(0))) {
      return Optional.empty();
    }
    int mark = 1;
    while (mark < dash && isWord(node.charAt(mark))) {
      mark++;
    }
    int weight = mark == dash ? 1 : weight(node, mark, dash);
    if (weight < 1) {
      return Optional.empty();
    }
    long number = 0;
    for (int i = end; i < node.length(); i++) {
      if (!isDigit(node.charAt(i))) {
        return Optional.empty();
      }
      number = number * 10 + (node.charAt(i) - '0');
    }
    return Optional.of(
        new QueueEntry(node, node.charAt(0), weight, (int) (negative ? -number : number)));
  }

  /** The weight between its mark and the dash; 0 when it is none. */
  private static int weight(String node, int mark, int dash) {
    if (mark < 2 || node.charAt(mark) != WEIGHT_MARK || dash - mark < 2 || dash - mark > 6) {
      return 0;
    }
    for (int i = mark + 1; i < dash; i++) {
      if (!isWord(node.charAt(i))) {
        return 0;
      }
    }
    return Integer.parseInt(node, mark + 1, dash, Character.MAX_RADIX);
  }

  /** The requests among the children of a queue, in order. */
  public static List<QueueEntry> inOrder(List<String> nodes) {
    List<QueueEntry> entries = new ArrayList<>(nodes.size());
    for (String node : nodes) {
      parse(node).ifPresent(entries::add);
    }
    entries.sort(Comparator.comparingInt(QueueEntry::sequence));
    return entries;
  }

  /** The number of entries of a queue in order that have a smaller sequence number. */
  public static int countBefore(int sequence, List<QueueEntry> inOrder) {
    int low = 0;
    int high = inOrder.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (inOrder.get(middle).sequence < sequence) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Tells if it is in a queue in order. */
  public boolean isIn(List<QueueEntry> inOrder) {
    int place = countBefore(sequence, inOrder);
    while (place < inOrder.size() && inOrder.get(place).sequence == sequence) {
      if (inOrder.get(place++).node.equals(node)) { // another may have been created manually
        return true;
      }
    }
    return false;
  }

  /** Tells if it requests permits. */
  public boolean isPermit() {
    return mode == PERMITS;
  }

  /** Tells if it requests a lock, exclusive or shared. */
  public boolean isPlain() {
    return mode == EXCLUSIVE || mode == SHARED;
  }

  /** Returns whether it is a request for one of several numbers, or waits for any of them. */
  public boolean isNumbered() {
    return mode == NUMBERED || mode == ANY_NUMBER;
  }

  /** Returns the number that a request of mode {@link #NUMBERED} is for. */
  public int number() {
    return weight - 1;
  }

  /** Returns how many numbers there are at least for the client of a {@linkplain #isNumbered numbered} request. */
  public int numbersKnown() {
    return weight;
  }

  /** Tells if the sequence number can still order this request. */
  public boolean isOrdered() {
    return sequence >= 0 && sequence < SEQUENCE_LIMIT;
  }

  /** Tells if the folder should be renewed when it is empty. */
  public boolean isNearExhaustion() {
    return sequence >= SEQUENCE_RENEWAL || sequence < 0;
  }

  private static boolean isWord(char c) {
    return isLetter(c) || isDigit(c);
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
