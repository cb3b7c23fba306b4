/**
 * Rules that choose one of several instances, each a small class behind {@link io.zookit.registry.balance.Balancer}.
 *
 * <p>Nothing here knows ZooKeeper: a rule sees {@link io.zookit.registry.balance.Candidates} and what this process
 * measured of them, and answers with a number. Rules that change who may be chosen, such as a zone or a slow start, wrap
 * others and can be combined:
 *
 * <pre>{@code
 * Balancer.adaptive().withSlowStart(Duration.ofMinutes(1)).preferringZone("a")
 * }</pre>
 */
@NullMarked
package io.zookit.registry.balance;

import org.jspecify.annotations.NullMarked;
