package io.zookit.registry;

import io.zookit.registry.policy.ServicePolicy;
import java.util.function.UnaryOperator;

/** The policy of operators for one service, to be read and changed. */
public interface PolicyStore {

  /**
   * Reads the policy in force.
   *
   * @throws io.zookit.core.ZkUnavailableException if ZooKeeper does not answer in time
   * @throws io.zookit.core.ZkException if a newer version wrote it
   */
  ServicePolicy read() throws InterruptedException;

  /**
   * Changes the policy in force, by compare-and-set. Consumers apply it some milliseconds later; providers that
   * are to end do so after about 1 ms for each provider, 5 s at most.
   *
   * @param change called by this thread, again if another change came first
   * @return what is in force now
   * @throws io.zookit.core.ZkUnavailableException if ZooKeeper does not answer in time; the change may have happened
   */
  ServicePolicy change(UnaryOperator<ServicePolicy> change) throws InterruptedException;
}
