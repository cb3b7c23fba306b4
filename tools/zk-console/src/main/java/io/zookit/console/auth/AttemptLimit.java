package io.zookit.console.auth;

import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Limits wrong credentials: after ten within a minute from one address, no more are checked until the minute is over. At most
 * 10,000 addresses are remembered, the oldest are forgotten first.
 *
 * <p><i>Threads:</i> any.
 */
final class AttemptLimit {

  private static final int MOST = 10;
  private static final int MOST_ADDRESSES = 10_000;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final Timekeeper timekeeper;
  private final Map<String, WrongAttempts> failures = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, WrongAttempts> eldest) {
      return size() > MOST_ADDRESSES;
    }
  };

  AttemptLimit(Timekeeper timekeeper) {
    this.timekeeper = timekeeper;
  }

  private record WrongAttempts(int count, Instant until) {}

  synchronized boolean isExceeded(String address) {
    WrongAttempts known = failures.get(address);
    return known != null && known.count() >= MOST && timekeeper.now().isBefore(known.until());
  }

  synchronized void failed(String address) {
    Instant now = timekeeper.now();
    WrongAttempts known = failures.get(address);
    failures.put(
        address,
        known == null || !now.isBefore(known.until())
            ? new WrongAttempts(1, now.plus(WINDOW))
            : new WrongAttempts(known.count() + 1, known.until()));
  }
}
