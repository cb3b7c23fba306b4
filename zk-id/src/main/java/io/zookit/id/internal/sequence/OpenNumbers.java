package io.zookit.id.internal.sequence;

import io.zookit.id.internal.record.SeenRecord;

/**
 * A name that allocates numbers, as it was read.
 *
 * @param seen its record, which is open
 * @param counterCzxid of the counter's node
 * @param counterVersion how many steps this generation has allocated at least
 */
record OpenNumbers(SeenRecord seen, long counterCzxid, int counterVersion) {

  /** The generation in which numbers are allocated. */
  int generation() {
    return seen.record().generation();
  }
}
