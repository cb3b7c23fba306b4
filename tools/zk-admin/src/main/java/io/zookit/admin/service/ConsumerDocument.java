package io.zookit.admin.service;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.registry.ConsumerPresence;
import java.time.Instant;

/**
 * A consumer as programs see it.
 *
 * @param since when it began, by its own clock
 */
record ConsumerDocument(String consumer, Instant since) {

  static final Layout<ConsumerDocument> LAYOUT = Layout.of(
      ConsumerDocument::consumer,
      Column.of("CONSUMER", ConsumerDocument::consumer),
      Column.of("SINCE", ConsumerDocument::since));

  static ConsumerDocument of(ConsumerPresence consumer) {
    return new ConsumerDocument(consumer.name(), consumer.since());
  }
}
