package io.zookit.registry;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.registry.health.HealthOptions;
import io.zookit.registry.policy.ServicePolicy;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The services of one ensemble and root: providers register here, and consumers discover services here.
 *
 * <p>The object is cheap and holds no resources. All registrations and views of one client share one session, and views
 * of one service share one watch and one copy.
 *
 * <p><i>Failure:</i> nothing here waits for ZooKeeper; what is requested while it cannot be reached is done later.
 */
public interface ServiceRegistry {

  /** The registry of a client. */
  static ServiceRegistry in(ZkClient client) {
    return builder(client).build();
  }

  /** Starts a registry with options. */
  static ServiceRegistryBuilder builder(ZkClient client) {
    return new ServiceRegistryBuilder(client);
  }

  /**
   * Wants an instance to be registered from now on. Returns at once; see {@link Registration#awaitRegistered}.
   *
   * <p><i>Cost:</i> 1 create, or for many at the same time 1 request for each 100; the first of a service also 1 read, and
   * what is missing of its folders. While instances of a service are registered 2 reads about every 30 s, for all of them
   * together, look for others with their ids, and 1 watch a service waits for words of operators.
   *
   * @throws IllegalArgumentException if the instance is larger than 4 KiB as it is stored
   * @throws IllegalStateException if the client is closed
   */
  Registration register(ServiceInstance instance);

  /**
   * The same for an instance that watches over itself.
   *
   * <p><i>Cost:</i> 1 request more each time the verdict of its checks changes, and 1 for each heartbeat.
   */
  Registration register(ServiceInstance instance, HealthOptions health);

  /**
   * The services that there are, in the order of their names, those included whose instances have all gone.
   *
   * @throws io.zookit.core.ZkUnavailableException if ZooKeeper does not answer in time
   */
  List<String> services() throws InterruptedException;

  /**
   * Follows the numbers of all services from now on, in the order of their names, for consoles and lists. Returns at once;
   * see {@link LiveValue#awaitReady}. All values of one client share one follower.
   *
   * <p><i>Cost:</i> 1 watch; at first and after each connect 1 request, 4 for each 128 services, and 1 for each 128 instances;
   * 1 for a change, or for all changes while a read is in flight and for 100 ms after it. Every change of every instance is
   * an event for this client, so this is not for consumers.
   *
   * @throws IllegalStateException if the client is closed
   */
  LiveValue<List<ServiceSummary>> overview();

  /** Finds and removes stale entries of the registry. */
  RegistryCleaner cleaner();

  /** The policy of operators for a service. */
  PolicyStore policy(String service);

  /**
   * Reads the policies of all services, those included that cannot be read.
   *
   * <p><i>Cost:</i> 1 request, 1 for each 128 services, and 1 for each policy; all policies are kept in memory.
   *
   * @throws io.zookit.core.ZkUnavailableException if ZooKeeper does not answer in time
   */
  Policies policies() throws InterruptedException;

  /**
   * The policies of all services.
   *
   * @param readable by the name of the service; {@link ServicePolicy#NONE} where they say nothing
   * @param unreadable the services of which it is damaged, written by a newer version, or closed to this client, with the
   *     reason
   */
  record Policies(Map<String, ServicePolicy> readable, Map<String, String> unreadable) {

    /** Keeps the order of names. */
    public Policies {
      readable = Collections.unmodifiableMap(new TreeMap<>(readable));
      unreadable = Collections.unmodifiableMap(new TreeMap<>(unreadable));
    }
  }

  /**
   * The processes that follow a service and say so; see {@link ServiceRegistryBuilder#announcePresence}.
   *
   * @throws io.zookit.core.ZkUnavailableException if ZooKeeper does not answer in time
   */
  List<ConsumerPresence> consumers(String service) throws InterruptedException;

  /**
   * Reads the last heartbeat of each instance of a service that writes heartbeats, in the order of the ids.
   *
   * <p><i>Cost:</i> 1 request, 1 for each bucket of the service (1 unless it is very large) and 1 for each 128 instances.
   *
   * @throws io.zookit.core.ZkUnavailableException if ZooKeeper does not answer in time
   */
  List<HeartbeatReport> heartbeats(String service) throws InterruptedException;

  /**
   * Follows the instances of a service from now on, whether there are any or not. Returns at once; see {@link
   * ServiceView#awaitReady}.
   *
   * <p><i>Cost:</i> 1 watch a service; at first 2 requests, 1 for each bucket of the service (1 unless it is very
   * large) and 1 for each 128 instances; no more after a reconnect, 1 more in a new session; 1 for a change, or for all
   * changes while a read is in flight and for a quarter of the time that it took, 50 ms at most; none for the end of an
   * instance.
   *
   * @param service {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}
   * @throws IllegalStateException if the client is closed
   */
  ServiceView discover(String service);
}
