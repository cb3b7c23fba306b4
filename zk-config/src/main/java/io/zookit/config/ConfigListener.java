package io.zookit.config;

import io.zookit.config.format.KeyChange;
import java.util.List;

/**
 * Listener to changes of a configuration.
 *
 * <p><i>Order:</i> one call at a time. Releases that follow each other quickly become one call with the newest; a
 * release that reverts what was not reported yet is not reported at all.
 *
 * <p><i>Threads:</i> a lane of its own on the client's executor. One that does not return delays only itself and is
 * reported after five seconds.
 *
 * <p><i>Failure:</i> one that throws is reported and receives the next change.
 */
@FunctionalInterface
public interface ConfigListener {

  /**
   * Something is different.
   *
   * @param now what is in force
   * @param changes the difference from the snapshot that was reported before; at the first call everything is new
   */
  void onChange(ConfigSnapshot now, List<KeyChange> changes);
}
