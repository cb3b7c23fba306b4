package io.zookit.config.internal.model;

import java.util.List;

/**
 * A head with its version in ZooKeeper.
 *
 * @param version −1 when there is no head yet; {@code head} is then what the first one is made from
 */
public record StoredHead(Head head, int version) {

  public static final int ABSENT = -1;

  /** Returns the base of a first head, where a history may have been before. */
  public static StoredHead absent(
      long epoch, long revision, int lastRelease, java.time.Instant now) {
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
        null,
        null);
    return new StoredHead(none, ABSENT);
  }

  public boolean isAbsent() {
    return version == ABSENT;
  }

  public boolean isThere() {
    return head.state() != Head.State.PURGED;
  }
}
