package io.zookit.registry;

import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import java.time.Duration;
import java.util.List;

/**
 * The instances of a service, kept current: one for each id, in the order of the ids, those that are leaving or down
 * included.
 *
 * <p>When two live nodes have the same id the newer one counts.
 *
 * <p><i>Failure:</i> while ZooKeeper cannot be reached the last instances stay and {@link #age} grows; a disconnect never
 * empties a view. Nodes that cannot be read are left out, reported to the {@link RegistryObserver} and harm nobody.
 */
public interface ServiceView extends LiveValue<List<ServiceInstance>> {

  /** The name of the service. */
  String service();

  /**
   * Chooses an instance that is up, in turn. Without any request, and without allocating.
   *
   * @throws NoInstanceException when there is none; the text says why
   */
  ServiceInstance choose();

  /**
   * Chooses an instance that is up, by a rule.
   *
   * @throws NoInstanceException when there is none; the text says why
   */
  ServiceInstance choose(Balancer balancer);

  /** Tells a listener of every instance that is there, and of every change from now on. */
  Subscription subscribe(ServiceListener listener);

  @Override
  ServiceView awaitReady(Duration timeout) throws InterruptedException;
}
