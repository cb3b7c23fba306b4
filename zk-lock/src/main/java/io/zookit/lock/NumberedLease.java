package io.zookit.lock;

import io.zookit.core.FencingToken;

/** A lease of {@link NumberedLeases}. */
public interface NumberedLease extends Lease {

  /** The number, from 0 to one less than {@link NumberedLeases#count}. */
  int number();

  /** The token of this grant, greater than that of every grant of this number before it. */
  @Override
  FencingToken token();
}
