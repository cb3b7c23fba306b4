package io.zookit.console.http;

import io.zookit.core.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Ends a waiting request once: leaves its feed and the count of those that wait. It may end while the feed is being joined.
 *
 * <p><i>Threads:</i> any.
 */
final class FollowEnd implements Runnable {

  private final Runnable leave;
  private @Nullable Subscription feed;
  private boolean over;

  FollowEnd(Runnable leave) {
    this.leave = leave;
  }

  void follow(Subscription joined) {
    synchronized (this) {
      if (!over) {
        feed = joined;
        return;
      }
    }
    joined.close();
  }

  @Override
  public void run() {
    Subscription joined;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      joined = feed;
    }
    if (joined != null) {
      joined.close();
    }
    leave.run();
  }
}
