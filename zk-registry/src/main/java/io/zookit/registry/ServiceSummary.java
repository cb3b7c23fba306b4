package io.zookit.registry;

import java.util.Optional;

/**
 * The state of one service in numbers, as it is stored in ZooKeeper; see {@link ServiceRegistry#overview}. What single
 * consumers found out by their calls and heartbeats is not in it.
 *
 * @param service its name
 * @param instances the number of registered instances, one for each id
 * @param healthy how many of them report that they are up, and are neither disabled nor drained by operators
 * @param disabled how many are disabled by operators, those whose circuit is forced open included
 * @param draining how many are drained by operators
 * @param circuits the number of overrides of circuit breakers
 * @param routes the number of routes
 * @param problem why the service, or its policy, cannot be read; the numbers are then those that can be known
 */
public record ServiceSummary(
    String service,
    int instances,
    int healthy,
    int disabled,
    int draining,
    int circuits,
    int routes,
    Optional<String> problem) {}
