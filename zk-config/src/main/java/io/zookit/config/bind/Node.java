package io.zookit.config.bind;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Converts the values under one key to a Java value. */
sealed interface Node permits ScalarNode, RecordNode, ListNode, MapNode {

  /**
   * Makes the value.
   *
   * @param problems is added to when something is wrong; the result is then null
   */
  @Nullable
  Object bind(Values values, String key, List<String> problems);
}
