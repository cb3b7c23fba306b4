package io.zookit.group.internal.planner;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Divides partitions between members by weight: largest remainder, at most the room of each. What fits nowhere is left over.
 */
public final class QuotaRule {

  /**
   * The share of a member.
   *
   * @param weight zero for one that gets nothing
   * @param most the greatest quota
   * @param least what it has in any case
   * @param have what it has now: of equal remainders the one that has most above its share is preferred, so that nothing moves
   */
  public record Share(int weight, int most, int least, int have) {}

  private QuotaRule() {}

  /** Returns the quota of each member. */
  public static int[] divide(int partitions, List<Share> shares) {
    int[] quotas = new int[shares.size()];
    boolean[] fixed = new boolean[shares.size()];
    int left = partitions;
    for (int i = 0; i < quotas.length; i++) {
      if (shares.get(i).weight == 0) {
        fixed[i] = true;
        quotas[i] = shares.get(i).least;
        left -= quotas[i];
      }
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      long weights = weights(shares, fixed);
      for (int i = 0; i < quotas.length; i++) {
        if (!fixed[i]) {
          Share share = shares.get(i);
          double fair = weights == 0 ? 0 : (double) Math.max(0, left) * share.weight / weights;
          if (fair > share.most || fair < share.least) {
            fixed[i] = true;
            quotas[i] = fair < share.least ? share.least : share.most;
            left -= quotas[i];
            changed = true;
            break; // the others share something else now
          }
        }
      }
    }
    largestRemainder(Math.max(0, left), shares, fixed, quotas);
    return quotas;
  }

  private static long weights(List<Share> shares, boolean[] fixed) {
    long sum = 0;
    for (int i = 0; i < fixed.length; i++) {
      sum += fixed[i] ? 0 : shares.get(i).weight;
    }
    return sum;
  }

  private static void largestRemainder(
      int partitions, List<Share> shares, boolean[] fixed, int[] quotas) {
    long weights = weights(shares, fixed);
    Integer[] open = new Integer[fixed.length];
    int count = 0;
    int left = partitions;
    for (int i = 0; i < fixed.length; i++) {
      if (!fixed[i]) {
        quotas[i] = (int) ((long) partitions * shares.get(i).weight / weights);
        left -= quotas[i];
        open[count++] = i;
      }
    }
    Integer[] order = Arrays.copyOf(open, count);
    Arrays.sort(
        order,
        Comparator.comparingLong(
                (Integer i) -> -((long) partitions * shares.get(i).weight % weights))
            .thenComparingInt(i -> quotas[i] - shares.get(i).have)
            .thenComparingInt(i -> i));
    for (int i = 0; i < left && i < count; i++) {
      quotas[order[i]]++;
    }
  }
}
