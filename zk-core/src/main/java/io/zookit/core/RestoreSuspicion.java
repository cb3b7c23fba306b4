package io.zookit.core;

/**
 * Why the data in ZooKeeper are suspected to have been restored or wiped; see {@link ZkClient#suspicion}.
 *
 * @param by the label of the client that noticed
 * @param reason what it noticed
 * @param incarnation the greatest incarnation that it knows; 0 if unknown
 * @param known the state that it remembers, for people who look
 * @param found the state that it read, for people who look
 */
public record RestoreSuspicion(
    String by, String reason, long incarnation, String known, String found) {}
