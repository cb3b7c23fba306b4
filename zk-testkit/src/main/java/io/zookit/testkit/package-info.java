/**
 * Servers, faults, manual time and recorded histories for tests of code on ZooKeeper.
 *
 * <p>{@link io.zookit.testkit.ZkServer} is one server in this JVM, {@link io.zookit.testkit.ZkCluster} three of them, {@link
 * io.zookit.testkit.ZkProcesses} an ensemble of processes that can be killed and frozen; each has a JUnit extension. {@link
 * io.zookit.testkit.FaultProxy} breaks connections at a chosen request, {@link io.zookit.testkit.Sessions} ends sessions. {@link
 * io.zookit.testkit.SimulatedZooKeeper} is an ensemble in virtual time, driven by a seed. {@link
 * io.zookit.testkit.ManualTimekeeper} puts time in the test's hand, {@link io.zookit.testkit.RecordedHistory} says whether what
 * happened was allowed to happen.
 *
 * <p>What holds for all of them: every port is on the loopback interface and reserved, every thread of the
 * kit is a daemon, every folder is a temporary one and gone after {@code close()} unless it was given, {@code close()} is
 * idempotent, and servers are configured by the words of ZooKeeper's own {@code zoo.cfg}.
 */
@NullMarked
package io.zookit.testkit;

import org.jspecify.annotations.NullMarked;
