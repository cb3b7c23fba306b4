package io.zookit.registry.internal.consumer;

import io.zookit.registry.internal.store.NodeRef;
import java.util.Set;
import org.apache.zookeeper.KeeperException.Code;

/** End of a read of a service. */
sealed interface ReadOutcome permits ServiceRead, ReadOutcome.BrokenRead, ReadOutcome.NewerFormat {

  /**
   * ZooKeeper did not answer, or refused.
   *
   * @param first what the first request without an answer was about: nodes, or a bucket as a node without a name
   */
  record BrokenRead(Code code, Set<NodeRef> first) implements ReadOutcome {}

  /** The service is in a format that this version must not read. */
  record NewerFormat(int format) implements ReadOutcome {}
}
