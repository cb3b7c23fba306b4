package io.zookit.console.follow;

import io.zookit.config.ConfigStore;
import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Namespace;
import io.zookit.core.LiveValue;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.core.audit.AuditLog;
import io.zookit.id.IdInspector;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.lock.inspect.LockReport;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceSummary;
import io.zookit.registry.ServiceView;
import io.zookit.scheduler.JobLedger;
import java.time.Duration;
import java.util.List;

/**
 * A session at ZooKeeper, and the views that all its users share: each is opened by its first user and closed a minute after
 * its last one.
 *
 * <p><i>Threads:</i> any.
 */
public final class RoleSession implements AutoCloseable {

  private static final String ALL = "";

  private final ZkClient client;
  private final Duration timeout;
  private final ConfigStore store;
  private final ServiceRegistry registry;
  private final SharedViews<String, ConfigStore.Inventory, LiveValue<ConfigStore.Inventory>>
      namespaces;
  private final SharedViews<
          Namespace, List<InstanceReleaseStatus>, LiveValue<List<InstanceReleaseStatus>>>
      instances;
  private final SharedViews<String, List<ServiceSummary>, LiveValue<List<ServiceSummary>>> services;
  private final SharedViews<String, List<ServiceInstance>, ServiceView> service;
  private final SharedViews<String, JobLedger.Listing, LiveValue<JobLedger.Listing>> jobs;
  private final SharedViews<String, LockReport, LiveValue<LockReport>> locks;
  private final ReleaseCache releases;

  RoleSession(ZkClient client, Duration timeout) {
    this.client = client;
    this.timeout = timeout;
    this.store = ConfigStore.builder(client).timeout(timeout).build();
    this.registry = ServiceRegistry.in(client);
    Timekeeper timekeeper = client.timekeeper();
    this.namespaces = new SharedViews<>(timekeeper, key -> store.followNamespaces());
    this.instances = new SharedViews<>(timekeeper, store::followInstances);
    this.services = new SharedViews<>(timekeeper, key -> registry.overview());
    this.service = new SharedViews<>(timekeeper, registry::discover);
    this.jobs = new SharedViews<>(timekeeper, key -> ledger().overview());
    this.locks = new SharedViews<>(timekeeper, name -> LockInspector.in(client).watch(name));
    this.releases = new ReleaseCache(store);
  }

  /** The connection. */
  public ZkClient client() {
    return client;
  }

  /** The time to wait for an answer. */
  public Duration timeout() {
    return timeout;
  }

  /** The configuration. */
  public ConfigStore store() {
    return store;
  }

  /** The services. */
  public ServiceRegistry registry() {
    return registry;
  }

  /** The locks. */
  public LockInspector inspector() {
    return LockInspector.in(client).withPatience(timeout);
  }

  /** The jobs. */
  public JobLedger ledger() {
    return JobLedger.in(client);
  }

  /** The ids. */
  public IdInspector ids() {
    return IdInspector.in(client).timeout(timeout);
  }

  /** The audit. */
  public AuditLog audit() {
    return AuditLog.in(client).within(timeout);
  }

  /** Contents of releases, which never change. */
  public ReleaseCache releases() {
    return releases;
  }

  /** All namespaces. */
  public SharedViews.SharedUse<LiveValue<ConfigStore.Inventory>> namespaces() {
    return namespaces.use(ALL);
  }

  /** The statuses of the instances of a namespace. */
  public SharedViews.SharedUse<LiveValue<List<InstanceReleaseStatus>>> instances(Namespace ns) {
    return instances.use(ns);
  }

  /** All services. */
  public SharedViews.SharedUse<LiveValue<List<ServiceSummary>>> services() {
    return services.use(ALL);
  }

  /** The instances of a service. */
  public SharedViews.SharedUse<ServiceView> service(String name) {
    return service.use(name);
  }

  /** All jobs. */
  public SharedViews.SharedUse<LiveValue<JobLedger.Listing>> jobs() {
    return jobs.use(ALL);
  }

  /** The queue of a lock. */
  public SharedViews.SharedUse<LiveValue<LockReport>> lock(String name) {
    return locks.use(name);
  }

  @Override
  public void close() {
    namespaces.close();
    instances.close();
    services.close();
    service.close();
    jobs.close();
    locks.close();
    client.close();
  }
}
