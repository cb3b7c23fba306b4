/**
 * Service registration, discovery and client-side load balancing that keeps working when ZooKeeper does not.
 *
 * <p>A provider registers a {@link io.zookit.registry.ServiceInstance}, a consumer discovers the service by its name
 * and chooses one of what is there:
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
 * <p>A {@link io.zookit.registry.Registration} is a wish that is kept true: through reconnects, new sessions and
 * operators who delete too much. A {@link io.zookit.registry.ServiceView} is what was last known to be true: while
 * ZooKeeper cannot be reached it keeps its instances and its age grows. The two ends agree on what a goodbye is: an
 * instance that is ended on purpose says so before its node goes, so one that is gone without a word is known to have
 * vanished.
 */
@NullMarked
package io.zookit.registry;

import org.jspecify.annotations.NullMarked;
