package io.zookit.core.internal.session;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.data.Stat;

/**
 * The highest transaction number this process has seen, over all its sessions.
 *
 * <p>A create that was sent after a number was seen must be given a greater one. If it is not, the data this process
 * talked to is not the data it talks to now: it was wiped or restored.
 */
public final class ZxidWatermark {

  /** The numbers seen up to one moment; a new object after every {@link #restart} and every greater number. */
  record ZxidMark(int restarts, long highest) {

    ZxidMark raisedTo(long zxid) {
      return zxid > highest ? new ZxidMark(restarts, zxid) : this;
    }
  }

  private final AtomicReference<ZxidMark> mark = new AtomicReference<>(new ZxidMark(0, 0));
  private final Runnable regressed;

  /**
   * Creates a watermark.
   *
   * @param regressed called, on any thread, when a create was given a number that had been passed before
   */
  public ZxidWatermark(Runnable regressed) {
    this.regressed = regressed;
  }

  /** To be taken before a create is sent. */
  ZxidMark mark() {
    return Objects.requireNonNull(mark.get());
  }

  void seen(Stat stat) {
    raise(Math.max(stat.getCzxid(), stat.getMzxid()));
  }

  /** A create that was sent at that mark was given a number; one sent before a restart proves nothing. */
  void created(long zxid, ZxidMark sent) {
    if (zxid > sent.highest) {
      raise(zxid);
    } else if (sent.restarts == mark().restarts) {
      regressed.run();
    }
  }

  /** Forgets what was seen: an operator has said that the present data is right. */
  public void restart() {
    mark.updateAndGet(before -> new ZxidMark(before.restarts + 1, 0));
  }

  private void raise(long zxid) {
    mark.updateAndGet(before -> before.raisedTo(zxid));
  }
}
