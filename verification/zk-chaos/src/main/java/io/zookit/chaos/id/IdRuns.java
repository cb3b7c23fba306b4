package io.zookit.chaos.id;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** Ids of one kind that were handed out, as runs of consecutive ones. Not thread-safe. */
final class IdRuns {

  private final TreeMap<Long, Long> lastOf = new TreeMap<>();
  private long count;

  /** Writes ids, which increase, as runs: {@code 5-9,12-12}. */
  static String text(long[] ids) {
    StringBuilder text = new StringBuilder();
    for (int from = 0; from < ids.length; ) {
      int to = from;
      while (to + 1 < ids.length && ids[to + 1] == ids[to] + 1) {
        to++;
      }
      text.append(text.isEmpty() ? "" : ",").append(ids[from]).append('-').append(ids[to]);
      from = to + 1;
    }
    return text.toString();
  }

  /** Returns the least and the greatest id of runs. */
  static long[] bounds(String runs) {
    return LongStream.of(
            Long.parseLong(runs.substring(0, runs.indexOf('-'))),
            Long.parseLong(runs.substring(runs.lastIndexOf('-') + 1)))
        .toArray();
  }

  /** Adds runs, and returns how many of their ids were handed out before. */
  long add(String runs) {
    long repeated = 0;
    for (String run : runs.split(",", -1)) {
      int dash = run.indexOf('-');
      repeated +=
          add(Long.parseLong(run.substring(0, dash)), Long.parseLong(run.substring(dash + 1)));
    }
    return repeated;
  }

  private long add(long first, long last) {
    count += last - first + 1;
    long repeated = 0;
    long begin = first;
    long end = last;
    Map.Entry<Long, Long> below = lastOf.floorEntry(last);
    while (below != null && below.getValue() >= first) {
      repeated += Math.min(last, below.getValue()) - Math.max(first, below.getKey()) + 1;
      begin = Math.min(begin, below.getKey());
      end = Math.max(end, below.getValue());
      lastOf.remove(below.getKey());
      below = lastOf.floorEntry(last);
    }
    Map.Entry<Long, Long> before = lastOf.floorEntry(begin);
    if (before != null && before.getValue() == begin - 1) {
      begin = before.getKey();
    }
    lastOf.put(begin, end);
    return repeated;
  }

  /** The number of ids that were added. */
  long count() {
    return count;
  }
}
