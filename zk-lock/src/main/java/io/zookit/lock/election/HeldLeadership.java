package io.zookit.lock.election;

import io.zookit.core.FencingToken;
import io.zookit.core.Subscription;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.lock.FencedTransaction;
import io.zookit.lock.internal.lease.OneShotListeners;
import io.zookit.lock.internal.request.LeaseHandle;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The term of a candidate that stands first. */
final class HeldLeadership implements Leadership {

  private final QueuedCandidacy candidacy;
  private final LeaseHandle lease;
  private final OneShotListeners<Leadership> losses;

  HeldLeadership(QueuedCandidacy candidacy, LeaseHandle lease, SerialLane lane) {
    this.candidacy = candidacy;
    this.lease = lease;
    this.losses = new OneShotListeners<>(lane);
  }

  LeaseHandle lease() {
    return lease;
  }

  @Override
  public String election() {
    return lease.name();
  }

  @Override
  public FencingToken epoch() {
    return lease.token();
  }

  @Override
  public boolean isValid() {
    return lease.isValid();
  }

  @Override
  public Subscription onLost(Consumer<? super Leadership> listener) {
    return losses.add(listener);
  }

  void tellLost() {
    losses.tell(this);
  }

  @Override
  public FencedTransaction fenced() {
    return lease.fenced();
  }

  @Override
  public CompletableFuture<Void> resign() {
    return candidacy.resign(this);
  }

  @Override
  public CompletableFuture<Void> transferTo(String candidate, Duration within) {
    return candidacy.transfer(this, candidate, within);
  }

  @Override
  public String toString() {
    return "leadership " + election() + " " + epoch() + " " + lease.state();
  }
}
