package io.zookit.scheduler.internal.rules;

import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The order in which nodes look at the slots of a job, and how long each of them waits before it does.
 *
 * <p>The order is that of the ranking, except that a node that let {@value #MOST_PASSED} slots in a row pass comes last
 * until it claims again: the claims that are stored with the job tell which slots were claimed by a node behind it. So the
 * nodes behind a dead first node move up after two slots, long before its session ends.
 *
 * <p>The node in place <i>r</i> looks <i>r</i> units after a slot. A unit is a tenth of the distance to the next slot, so
 * that ten nodes have looked before a slot is superseded, and no two of them at once: each claim is a write that waits for
 * a majority of the servers, and a node that reads first sees the claim of the one before. Pure.
 *
 * @param nodes the names of the znodes of the nodes that can run the job, the one to look first in front
 */
public record ClaimOrder(List<String> nodes) {

  static final long LEAST_UNIT_MILLIS = 100;
  public static final long MOST_UNIT_MILLIS = 2_000;
  static final long MOST_DELAY_MILLIS = 30_000;

  private static final int UNITS_PER_SLOT = 10;
  private static final int MOST_PASSED = 2;

  /** The node that took a slot, and when. */
  private record Taken(long at, long slot, String node, boolean manual) {}

  public ClaimOrder {
    nodes = List.copyOf(nodes);
  }

  /**
   * The order in force.
   *
   * @param ranked the nodes that can run the job, by their ranks
   * @param state with the claims of the last slots
   * @param since from when on a node could have claimed slots, in epoch milliseconds
   */
  public static ClaimOrder of(
      List<String> ranked, StateRecord state, ToLongFunction<String> since) {
    Map<String, Integer> passed = new HashMap<>();
    List<String> order = ranked;
    for (Taken taken : taken(state)) {
      int place = order.indexOf(taken.node);
      if (place < 0) {
        continue; // it has left, and its rank is not known any more
      }
      if (!taken.manual) {
        order.subList(0, place).stream()
            .filter(before -> since.applyAsLong(before) < taken.slot)
            .forEach(before -> passed.merge(before, 1, Integer::sum));
      }
      passed.remove(taken.node);
      order = withoutPassedAhead(ranked, passed);
    }
    return new ClaimOrder(order);
  }

  private static List<String> withoutPassedAhead(List<String> ranked, Map<String, Integer> passed) {
    List<String> order = new ArrayList<>(ranked);
    order.sort(Comparator.comparing(node -> passed.getOrDefault(node, 0) >= MOST_PASSED));
    return order;
  }

  /** The claims that are known, in the order in which they were taken; of older clients the node is not known. */
  private static List<Taken> taken(StateRecord state) {
    List<Taken> taken = new ArrayList<>();
    for (EndRecord ended : state.recent()) {
      if (ended.node() != null) {
        taken.add(new Taken(ended.at(), ended.slot().at(), ended.node(), ended.manual() != null));
      }
    }
    for (ClaimRecord open : state.open()) {
      if (open.node() != null) {
        taken.add(new Taken(open.at(), open.slot().at(), open.node(), open.manual() != null));
      }
    }
    taken.sort(Comparator.comparingLong(Taken::at));
    return taken;
  }

  /** Returns the number of nodes that come before a node; {@link Ranking#NOWHERE} if it cannot run the job. */
  public int place(String node) {
    return nodes.indexOf(node);
  }

  /**
   * Returns the delay between a node and the one before it in the order, in milliseconds.
   *
   * @param distance milliseconds until the next slot
   * @param commit current duration of a commit in milliseconds: a node that acted earlier could not see the claim of
   *     the node before it, so slow servers would receive more writes than fast ones
   */
  public static long unitMillis(long distance, long commit) {
    long least = Math.max(LEAST_UNIT_MILLIS, commit);
    return Math.min(MOST_UNIT_MILLIS, Math.max(least, distance / UNITS_PER_SLOT));
  }

  /** Returns the delay of the node at a place, in milliseconds, without jitter. */
  public static long delayMillis(int place, long unit) {
    return Math.min(MOST_DELAY_MILLIS, place * unit);
  }
}
