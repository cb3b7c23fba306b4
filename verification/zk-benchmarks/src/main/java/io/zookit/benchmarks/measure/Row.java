package io.zookit.benchmarks.measure;

import java.util.Locale;

/**
 * A figure of Zookit compared with that of a peer.
 *
 * @param name {@code lock.free}
 * @param zookit Zookit's median
 * @param peer the peer's median
 * @param moreIsBetter whether it is a rate; else a time, a size or a number of requests
 * @param target the ratio to reach
 * @param spread the widest distance of a round from its median, in per cent of it
 */
public record Row(
    String name, double zookit, double peer, boolean moreIsBetter, double target, double spread) {

  /** Returns the factor by which Zookit is better than the peer. */
  public double ratio() {
    if (zookit == 0 && !moreIsBetter) {
      return peer + 1; // of something that must not happen at all: none against none is 1
    }
    return moreIsBetter ? zookit / peer : peer / zookit;
  }

  public boolean isMet() {
    return ratio() >= target;
  }

  /** The line of the row; the form is promised. */
  public String line() {
    return String.format(
        Locale.ROOT,
        "%s zookit=%s peer=%s ratio=%.2f target=%s %s",
        name,
        figure(zookit),
        figure(peer),
        ratio(),
        figure(target),
        isMet() ? "met" : "missed");
  }

  public static String figure(double value) {
    return value >= 100 || value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
