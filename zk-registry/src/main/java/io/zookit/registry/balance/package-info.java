/**
 * Rules that choose one of several instances, each a small class behind {@link io.zookit.registry.balance.Balancer}.
 *
 * <p>Nothing here knows ZooKeeper: a rule sees {@link io.zookit.registry.balance.Candidates} and the statistics that
 * this process keeps of them, and answers with an index. Rules that change which instances may be chosen, such as a
 * zone or a slow start, wrap others and can be combined:
 *
 * <pre>{@code
 * Balancer.adaptive().withSlowStart(Duration.ofMinutes(1)).preferringZone("a")
 * }</pre>
 */
@NullMarked
package io.zookit.registry.balance;

import org.jspecify.annotations.NullMarked;
