package io.zookit.lock;

import io.zookit.core.ZkTimeoutException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A lock was not granted in time. The request was withdrawn; nothing of it is left behind.
 *
 * <p>The message names what the request waited for. The request directly ahead is also available as a value: it holds the
 * lock, or waits for it like this one did.
 */
public class LockTimeoutException extends ZkTimeoutException {

  private static final long serialVersionUID = 1;

  /**
   * The request directly ahead of one that timed out, as last read.
   *
   * @param owner the name of its process
   * @param pid the process id on its machine
   * @param party the party or candidate within the process, if it is named
   * @param since the time at which it was made, by ZooKeeper's clock
   */
  public record WaitedFor(String owner, long pid, Optional<String> party, Instant since) {

    /** A text for people: {@code shop-7 (pid 4711, checkout) since 2026-11-30T09:15:00Z}. */
    @Override
    public String toString() {
      return owner + " (pid " + pid + party.map(name -> ", " + name).orElse("") + ") since "
          + since;
    }
  }

  private final transient @Nullable WaitedFor waitedFor;

  /** Creates an exception of a request that has not read what is ahead of it. */
  public LockTimeoutException(String message) {
    this(message, null);
  }

  /** Creates an exception of a request that waited behind another one, if that is known. */
  public LockTimeoutException(String message, @Nullable WaitedFor waitedFor) {
    super(message);
    this.waitedFor = waitedFor;
  }

  /**
   * The request directly ahead; empty if this one did not get as far as to read it, if it cannot be read, or if the wait
   * was for something else, such as permits or an answer of ZooKeeper.
   */
  public Optional<WaitedFor> waitedFor() {
    return Optional.ofNullable(waitedFor);
  }
}
