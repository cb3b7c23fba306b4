/**
 * Service registration, discovery and client-side load balancing that keeps working when ZooKeeper does not.
 *
 * <p>A provider registers a {@link io.zookit.registry.ServiceInstance}; a consumer discovers the service by its name
 * and chooses one of its instances:
 *
 * <pre>{@code
 * ServiceRegistry registry = ServiceRegistry.in(zk);
 * try (Registration mine = registry.register(ServiceInstance.at("payments", "10.0.0.7", 8080).withZone("a"));
 *      ServiceView payments = registry.discover("payments")) {
 *   payments.awaitReady(Duration.ofSeconds(3));
 *   call(payments.choose());
 * }
 * }</pre>
 *
 * <p>A {@link io.zookit.registry.Registration} is a desired state that is maintained through reconnects, new sessions
 * and accidental deletions by operators. A {@link io.zookit.registry.ServiceView} is the last known state: while
 * ZooKeeper cannot be reached it keeps its instances and its age grows. The two ends agree on what a goodbye is: an
 * instance that is ended on purpose announces this before its node is deleted, so one that disappears without an
 * announcement is known to have vanished.
 */
@NullMarked
package io.zookit.registry;

import org.jspecify.annotations.NullMarked;
