package io.zookit.registry;

import io.zookit.core.LiveValue;
import io.zookit.registry.policy.ServicePolicy;
import java.util.function.UnaryOperator;

/** The policy of operators for one service, to be read, followed and changed. */
public interface PolicyStore {

  /**
   * Reads the policy in force.
   *
   * @throws io.zookit.core.ZkUnavailableException if ZooKeeper does not answer in time
   * @throws io.zookit.core.ZkException if a newer version wrote it
   */
  ServicePolicy read() throws InterruptedException;

  /**
   * Follows the policy in force until the value is closed. It is not known at once; see {@link LiveValue#awaitReady}. A
   * policy that cannot be read leaves the last one, whose age grows.
   *
   * <p><i>Cost:</i> 1 watch; 1 request at first, after each connect and for each change.
   *
   * @throws IllegalStateException if the client is closed
   */
  LiveValue<ServicePolicy> follow();

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
