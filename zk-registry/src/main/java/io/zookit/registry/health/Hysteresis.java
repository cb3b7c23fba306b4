package io.zookit.registry.health;

/**
 * Turns single answers into a verdict that does not flap: only several contrary answers in a row change it. Immutable.
 *
 * @param healthy the verdict
 * @param against the number of consecutive answers against the verdict
 */
public record Hysteresis(boolean healthy, int against) {

  /** The verdict after one more answer. */
  public Hysteresis after(boolean passed, int rise, int fall) {
    if (passed == healthy) {
      return new Hysteresis(healthy, 0);
    }
    int more = against + 1;
    return more >= (passed ? rise : fall)
        ? new Hysteresis(passed, 0)
        : new Hysteresis(healthy, more);
  }
}
