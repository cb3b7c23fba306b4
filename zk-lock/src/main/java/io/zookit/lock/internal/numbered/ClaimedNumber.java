package io.zookit.lock.internal.numbered;

import io.zookit.lock.NumberedLease;
import io.zookit.lock.internal.request.LeaseHandle;
import io.zookit.lock.internal.request.LeaseOwner;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.request.LockGrant;
import io.zookit.lock.internal.request.LockOptions;

/** The lease of one number of several, on the node that claims it. */
final class ClaimedNumber extends LeaseHandle implements NumberedLease {

  private final int number;

  ClaimedNumber(LockEngine engine, LockGrant grant, LockOptions options, int number) {
    super(engine, grant, options, LeaseOwner.REQUEST);
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }

  @Override
  public String toString() {
    return super.toString() + " of number " + number;
  }
}
