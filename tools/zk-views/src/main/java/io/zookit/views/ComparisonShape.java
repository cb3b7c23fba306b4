package io.zookit.views;

import io.zookit.config.Environments;
import java.util.List;

/**
 * A comparison of the stable releases of two namespaces.
 *
 * @param uncompared the secret keys whose values could not be compared
 */
public record ComparisonShape(
    String from,
    int fromRelease,
    String to,
    int toRelease,
    boolean same,
    List<DiffShape.KeyShape> keys,
    List<String> unified,
    List<String> uncompared) {

  /** The shape of a comparison. */
  public static ComparisonShape of(Environments.Comparison comparison) {
    return new ComparisonShape(
        comparison.from().toString(),
        comparison.fromRelease(),
        comparison.to().toString(),
        comparison.toRelease(),
        comparison.same(),
        DiffShape.keysOf(comparison.diff()),
        comparison.diff().unified(),
        comparison.uncompared());
  }
}
