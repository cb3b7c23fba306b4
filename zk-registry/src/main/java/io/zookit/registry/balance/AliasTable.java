package io.zookit.registry.balance;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;

/** Draws by weight in constant time: Vose's alias method. Immutable. */
final class AliasTable {

  private final double[] own;
  private final int[] alias;

  AliasTable(Candidates candidates) {
    int size = candidates.size();
    own = new double[size];
    alias = new int[size];
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += candidates.weight(i);
    }
    Deque<Integer> small = new ArrayDeque<>();
    Deque<Integer> large = new ArrayDeque<>();
    for (int i = 0; i < size; i++) {
      alias[i] = i;
      own[i] = candidates.weight(i) * size / sum;
      (own[i] < 1 ? small : large).add(i);
    }
    while (!small.isEmpty() && !large.isEmpty()) {
      int less = small.remove();
      int more = large.remove();
      alias[less] = more;
      own[more] -= 1 - own[less];
      (own[more] < 1 ? small : large).add(more);
    }
    small.forEach(i -> own[i] = 1); // what rounding left over
    large.forEach(i -> own[i] = 1);
  }

  int draw(RandomGenerator dice) {
    double random = dice.nextDouble() * own.length;
    int index = (int) random;
    return random - index < own[index] ? index : alias[index];
  }
}
