package io.zookit.core.internal.session;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.internal.lane.SerialLane;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** The sessions of a client, one after the other, and the order in which everything about them happens. */
public interface SessionSource {

  /** The order of everything that happens to this client: session events, watch events, replies. No user code. */
  SerialLane loop();

  /** The clock of the client. */
  Timekeeper timekeeper();

  /** The source of the randomness by which delays are spread. */
  default RandomGenerator random() {
    return ThreadLocalRandom.current();
  }

  /** The session in use, if there is one that is not over. On the loop only. */
  Optional<SessionHandle> handle();

  /** Adds a listener, which is called on the loop; at once for a session that is connected. */
  Subscription onSessions(SessionListener listener);

  /**
   * Waits until a session is connected.
   *
   * @throws ZkTimeoutException if none is in time
   */
  void awaitConnected(Duration timeout) throws InterruptedException;
}
