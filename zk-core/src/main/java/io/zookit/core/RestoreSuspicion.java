package io.zookit.core;

/**
 * A suspicion that the data in ZooKeeper have been restored or wiped; see {@link ZkClient#suspicion}.
 *
 * @param by the label of the client that noticed
 * @param reason what it noticed
 * @param incarnation the greatest incarnation that it knows; 0 if unknown
 * @param known the state that it remembers, for display
 * @param found the state that it read, for display
 */
public record RestoreSuspicion(
    String by, String reason, long incarnation, String known, String found) {}
