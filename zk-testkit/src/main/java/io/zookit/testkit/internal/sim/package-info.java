/**
 * The simulated ZooKeeper: a leader, servers that lag behind it, sessions, connections that lose messages, and clients,
 * all in virtual time on one thread and driven by one seed.
 *
 * <p>{@link io.zookit.testkit.internal.sim.SimulatedTree} is the data and the rules of every transaction, without time and
 * network; {@link io.zookit.testkit.internal.sim.SimulatedEnsemble} is the leader with its servers and sessions; {@link
 * io.zookit.testkit.internal.sim.SimulatedCurator} is a client library; {@link
 * io.zookit.testkit.internal.sim.SimulatedClient} is the client that the modules run on; {@link
 * io.zookit.testkit.internal.sim.VirtualTime} decides what happens next.
 */
@NullMarked
package io.zookit.testkit.internal.sim;

import org.jspecify.annotations.NullMarked;
