package io.zookit.registry;

import io.zookit.registry.policy.ServicePolicy;
import java.util.function.UnaryOperator;

/** What operators say of one service, to be read and changed. */
public interface PolicyStore {

  /**
   * What is in force.
   *
   * @throws io.zookit.core.ZkUnavailableException when ZooKeeper does not answer in time
   * @throws io.zookit.core.ZkException when a newer version wrote it
   */
  ServicePolicy read() throws InterruptedException;

  /**
   * Changes what is in force, by compare-and-set. Consumers have it some milliseconds later; providers that
   * are to end about 1 ms later for each that there is, 5 s at most.
   *
   * @param change called by this thread, again when another change came between
   * @return what is in force now
   * @throws io.zookit.core.ZkUnavailableException when ZooKeeper does not answer in time; the change may have happened
   */
  ServicePolicy change(UnaryOperator<ServicePolicy> change) throws InterruptedException;
}
