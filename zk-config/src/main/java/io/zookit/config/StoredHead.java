package io.zookit.config;

import java.util.List;

/**
 * A head with its version in ZooKeeper.
 *
 * @param version −1 when there is no head yet; {@code head} is then what the first one is made from
 */
record StoredHead(Head head, int version) {

  static final int ABSENT = -1;

  /** What a first head is made from, where a history may have been before. */
  static StoredHead absent(long epoch, long revision, int lastRelease, java.time.Instant now) {
    Head none = new Head(
        epoch,
        revision,
        lastRelease,
        Head.State.PURGED,
        null,
        List.of(),
        null,
        List.of(),
        List.of(),
        null,
        "",
        "",
        "",
        "",
        now,
        "",
        null,
        null);
    return new StoredHead(none, ABSENT);
  }

  boolean isAbsent() {
    return version == ABSENT;
  }

  boolean isThere() {
    return head.state() != Head.State.PURGED;
  }
}
