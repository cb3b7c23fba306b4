package io.zookit.samples.shop.run;

import io.zookit.samples.shop.run.Claims.Claim;
import java.time.Duration;
import java.util.Optional;

/**
 * Figures of the settings scene.
 *
 * @param releases number of releases
 * @param matched services that used the gray release while it targeted a single one
 * @param rollback from the rollback until the last service used the old settings again
 */
record SettingsFigures(int releases, int matched, Optional<Duration> rollback) {

  static final SettingsFigures NONE = new SettingsFigures(0, 0, Optional.empty());

  /** @param torn orders for which values of two releases were read */
  Claim claim(long torn) {
    String millis = rollback.map(each -> String.valueOf(each.toMillis())).orElse("never");
    return new Claim(
        "config",
        releases > 0 && torn == 0 && matched == 1 && rollback.isPresent(),
        "config: releases=" + releases + " torn-reads=" + torn + " gray-matched=" + matched
            + " rollback-ms=" + millis);
  }
}
