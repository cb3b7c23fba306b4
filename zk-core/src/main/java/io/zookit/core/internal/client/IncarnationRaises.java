package io.zookit.core.internal.client;

import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.lane.Timeouts;
import io.zookit.core.internal.lineage.IncarnationKeeper;
import io.zookit.core.internal.lineage.LineageKeeper;
import io.zookit.core.internal.lineage.RaiseTransaction;
import io.zookit.core.internal.session.DigestAgreement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises the incarnation for callers that wait: the transaction, the new session after it, and another attempt if another
 * client raised it at the same time and so ended the session.
 */
final class IncarnationRaises {

  private static final Logger log = LoggerFactory.getLogger(IncarnationRaises.class);

  private final CoreClient client;
  private final ClientWaits waits;
  private final DigestAgreement digest;
  private final IncarnationKeeper incarnation;
  private final LineageKeeper lineage;
  private final Duration limit;

  /**
   * Creates the raises of a client.
   *
   * @param limit of each wait
   */
  IncarnationRaises(
      CoreClient client,
      ClientWaits waits,
      DigestAgreement digest,
      IncarnationKeeper incarnation,
      LineageKeeper lineage,
      Duration limit) {
    this.client = client;
    this.waits = waits;
    this.digest = digest;
    this.incarnation = incarnation;
    this.lineage = lineage;
    this.limit = limit;
  }

  /**
   * Raises or repairs the incarnation, and waits for the session after it.
   *
   * @param repairs whether a number that cannot be read is replaced, and only such a one
   */
  long raise(long atLeast, boolean repairs) throws InterruptedException {
    if (atLeast < 0 || atLeast > IncarnationKeeper.GREATEST) {
      throw new IllegalArgumentException(
          "atLeast: " + atLeast + " (expected: 0 to " + IncarnationKeeper.GREATEST + ")");
    }
    long start = client.timekeeper().nanos();
    while (true) {
      CompletableFuture<Void> before = lineage.renewed();
      awaitRenewed(before, start);
      try {
        long raised = raiseOnce(atLeast, repairs);
        awaitKnown(raised, start);
        awaitRenewed(lineage.renewed(), start);
        return raised;
      } catch (ZkUnavailableException e) {
        boolean another = lineage.renewed() != before;
        if (!another || client.timekeeper().nanos() - start > Timeouts.nanos(limit)) {
          throw e;
        }
        log.debug("{}: the session ended because another client raised the incarnation", client, e);
      }
    }
  }

  private long raiseOnce(long atLeast, boolean repairs) throws InterruptedException {
    CompletableFuture<Long> raised = new CompletableFuture<>();
    client
        .loop()
        .execute(() -> client
            .handle()
            .ifPresentOrElse(
                handle -> digest.ask(
                    handle,
                    asked -> new RaiseTransaction(
                            client, incarnation, lineage, handle, atLeast, repairs, raised)
                        .send()),
                () -> raised.completeExceptionally(
                    new ZkUnavailableException(client + ": not connected; nothing was sent"))));
    return waits.await(
        raised,
        Timeouts.nanos(limit),
        () -> new ZkUnavailableException(
            client + ": no answer to raising the incarnation; the outcome is unknown"));
  }

  /** Waits until this client has read a raise, within the connect timeout; see {@link #awaitRenewed}. */
  private void awaitKnown(long raised, long start) throws InterruptedException {
    CompletableFuture<Void> known = new CompletableFuture<>();
    client.loop().execute(() -> lineage.whenRaised(raised, () -> known.complete(null)));
    try {
      waits.await(
          known, left(start), () -> new ZkTimeoutException(client + ": not read again in time"));
    } catch (ZkTimeoutException e) {
      log.debug("{}: the incarnation {} was not read again in time", client, raised);
    }
  }

  private long left(long start) {
    long spent = client.timekeeper().nanos() - start;
    return Math.max(0, Timeouts.nanos(limit) - spent);
  }

  /** Waits for the session after a raise, within the connect timeout; without one the caller goes on all the same. */
  private void awaitRenewed(CompletableFuture<Void> renewed, long start)
      throws InterruptedException {
    if (!renewed.isDone()) {
      long left = left(start);
      try {
        waits.await(
            renewed, left, () -> new ZkTimeoutException(client + ": no new session in time"));
        waits.awaitConnected(Duration.ofNanos(left));
      } catch (ZkTimeoutException e) {
        log.debug("{}: no new session in time after the incarnation was raised", client);
      }
    }
  }
}
