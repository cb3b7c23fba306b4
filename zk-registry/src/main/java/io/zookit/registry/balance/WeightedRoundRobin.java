package io.zookit.registry.balance;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Static stride scheduling, as gRPC's: the calls go round, and in each round an instance is passed over as often as its
 * weight is below the greatest. Each begins at another phase of its stride, so that equal weights do not come in bursts.
 */
final class WeightedRoundRobin implements Balancer {

  private static final int FULL = 0xffff;
  private static final int PHASE = FULL / 2;
  private static final Function<Candidates, int[]> STRIDES = WeightedRoundRobin::strides;

  private final AtomicLong calls = new AtomicLong(ThreadLocalRandom.current().nextInt());

  @Override
  public int choose(Candidates candidates, long key) {
    int[] strides = candidates.derived(this, STRIDES);
    while (true) {
      long call = calls.getAndIncrement();
      int index = (int) Long.remainderUnsigned(call, strides.length);
      long round = Long.divideUnsigned(call, strides.length);
      long stride = strides[index];
      if (Long.remainderUnsigned(stride * round + (long) PHASE * index, FULL) >= FULL - stride) {
        return index;
      }
    }
  }

  private static int[] strides(Candidates candidates) {
    int[] strides = new int[candidates.size()];
    double greatest = 0;
    for (int i = 0; i < strides.length; i++) {
      greatest = Math.max(greatest, candidates.weight(i));
    }
    for (int i = 0; i < strides.length; i++) {
      strides[i] = (int) Math.max(1, Math.round(candidates.weight(i) / greatest * FULL));
    }
    return strides;
  }

  @Override
  public String toString() {
    return "weighted round robin";
  }
}
