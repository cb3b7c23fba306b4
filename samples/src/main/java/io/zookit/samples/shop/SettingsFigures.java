package io.zookit.samples.shop;

import java.time.Duration;
import java.util.Optional;

/**
 * Figures of the settings scene.
 *
 * @param releases number of releases
 * @param matched services that used the gray release while it targeted a single one
 * @param rollback from the rollback until the last service used the old settings again
 */
public record SettingsFigures(int releases, int matched, Optional<Duration> rollback) {

  /** The figures of a scene that was not played. */
  public static final SettingsFigures NONE = new SettingsFigures(0, 0, Optional.empty());

  /**
   * Returns the claim about the settings.
   *
   * @param torn orders for which values of two releases were read
   */
  public DemoClaim claim(long torn) {
    String millis = rollback.map(each -> String.valueOf(each.toMillis())).orElse("never");
    return new DemoClaim(
        "config",
        releases > 0 && torn == 0 && matched == 1 && rollback.isPresent(),
        "config: releases=" + releases + " torn-reads=" + torn + " gray-matched=" + matched
            + " rollback-ms=" + millis);
  }
}
