package io.zookit.registry;

import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.registry.balance.Balancer;
import java.time.Duration;
import java.util.List;

/**
 * The instances of a service, kept current: one for each id, in the order of the ids, including those that are leaving
 * or down.
 *
 * <p>If two live nodes have the same id, the newer one counts. An instance that no longer exists is still shown if it
 * vanished without a goodbye and too few are left; see {@link #vanished}.
 *
 * <p><i>Failure:</i> while ZooKeeper cannot be reached the last instances stay and {@link #age} grows; a disconnect
 * never empties a view. Nodes that cannot be read are left out and reported to the {@link RegistryObserver}; they do
 * not affect other instances.
 */
public interface ServiceView extends LiveValue<List<ServiceInstance>> {

  /** The name of the service. */
  String service();

  /**
   * Chooses an instance by the registry's rule. Without any request, without feedback, and without allocating.
   *
   * @throws NoInstanceException if there is none; the text says why
   */
  ServiceInstance choose();

  /**
   * Chooses an instance by the registry's rule for calls that belong together.
   *
   * @param key such as a user: the same key takes the same route, and with a hashing rule the same instance
   * @throws NoInstanceException if there is none; the text says why
   */
  ServiceInstance choose(String key);

  /**
   * Chooses an instance by another rule. Routes of operators do not apply.
   *
   * @throws NoInstanceException if there is none; the text says why
   */
  ServiceInstance choose(Balancer balancer);

  /**
   * Chooses an instance by the registry's rule for one call whose result will be reported. Without any request.
   *
   * @throws NoInstanceException if there is none; the text says why
   */
  Pick pick();

  /** The same for calls that belong together. */
  Pick pick(String key);

  /** The same by another rule. */
  Pick pick(Balancer balancer);

  /**
   * The instances that vanished without a goodbye in the last 10 minutes, but for those that a {@link InstanceProbe} did not
   * find where they were. They stay in {@link #current} and are chosen only when less than half is left of what was there
   * before.
   */
  List<ServiceInstance> vanished();

  /**
   * The instances that may be chosen now, in the order of the ids, each with the weight that counts: without those that
   * are leaving, down, disabled or ejected. For callers with a rule of their own; empty before the first read.
   */
  List<ServiceInstance> inRotation();

  /** Explains which instance a call with that key would get, and why. Chooses once. */
  PickReport explainPick(String key);

  /** Explains if an instance may be chosen, and lists its recent events. */
  InstanceReport explain(String id);

  /** Notifies a listener of every instance in the view, and of every change from now on. */
  Subscription subscribe(ServiceListener listener);

  @Override
  ServiceView awaitReady(Duration timeout) throws InterruptedException;
}
