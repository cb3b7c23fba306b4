package io.zookit.registry.balance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The points of a consistent hash. Immutable. */
final class HashRing {

  private static final int MEAN_POINTS = 160;
  private static final int MOST_POINTS = 1 << 18;

  private record RingPoint(long hash, int owner) {}

  private final long[] hashes;
  private final int[] owners;
  private final double weight;

  HashRing(Candidates candidates) {
    double sum = 0;
    for (int i = 0; i < candidates.size(); i++) {
      sum += candidates.weight(i);
    }
    weight = sum;
    double all = Math.min((double) MEAN_POINTS * candidates.size(), MOST_POINTS);
    List<RingPoint> points = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      long hash = KeyHash.of(candidates.get(i).id());
      long count = Math.max(1, Math.round(all * candidates.weight(i) / sum));
      for (int n = 0; n < count; n++) {
        points.add(new RingPoint(KeyHash.mix(hash, n * 0x9e3779b97f4a7c15L), i));
      }
    }
    points.sort(Comparator.comparingLong(RingPoint::hash));
    hashes = points.stream().mapToLong(RingPoint::hash).toArray();
    owners = points.stream().mapToInt(RingPoint::owner).toArray();
  }

  double weight() {
    return weight;
  }

  int size() {
    return owners.length;
  }

  int owner(int point) {
    return owners[point % owners.length];
  }

  /** The first point at or after a hash. */
  int after(long hash) {
    int from = 0;
    int to = hashes.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (hashes[middle] < hash) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from == hashes.length ? 0 : from;
  }
}
