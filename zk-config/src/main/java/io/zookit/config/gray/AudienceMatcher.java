package io.zookit.config.gray;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * An audience with its dose measured: the pure function that says whether an instance is in.
 *
 * <p>An instance is in when it is described and its {@link StickyHash} is at most the threshold. The salt stays for the
 * whole life of a gray release and the threshold only grows, so an instance that is in stays in.
 *
 * @param audience the rule
 * @param namespace part of the hash
 * @param salt part of the hash
 * @param threshold the greatest hash that is in, unsigned
 */
public record AudienceMatcher(Audience audience, String namespace, String salt, long threshold) {

  /** Lets in everybody described. */
  public static final long OPEN = -1L;

  /**
   * Measures the dose of an audience.
   *
   * @param live the instances that are alive now; looked at for a count only
   * @throws IllegalArgumentException if the count is greater than the number of those described
   */
  public static AudienceMatcher measured(
      Audience audience, String namespace, String salt, Collection<Instance> live) {
    Optional<RolloutShare> dose = audience.dose();
    long threshold = OPEN;
    if (dose.isPresent() && dose.get() instanceof RolloutShare.Percent percent) {
      threshold = percent.threshold();
    } else if (dose.isPresent() && dose.get() instanceof RolloutShare.Count count) {
      List<Long> hashes = live.stream()
          .filter(audience::describes)
          .map(instance -> StickyHash.of(salt, namespace, instance.id()))
          .sorted(Long::compareUnsigned)
          .toList();
      if (hashes.size() < count.number()) {
        throw new IllegalArgumentException("count: " + count.number() + " (expected: at most the "
            + hashes.size() + " live instances that are described)");
      }
      threshold = hashes.get(count.number() - 1);
    }
    return new AudienceMatcher(audience, namespace, salt, threshold);
  }

  /** Tells if an instance is in. */
  public boolean admits(Instance instance) {
    return audience.describes(instance)
        && Long.compareUnsigned(StickyHash.of(salt, namespace, instance.id()), threshold) <= 0;
  }

  /** Tells if this gate lets in everybody the other lets in, as far as the thresholds say. */
  public boolean isAtLeast(AudienceMatcher other) {
    return Long.compareUnsigned(threshold, other.threshold) >= 0;
  }
}
