package io.zookit.core;

/**
 * Identifies one state of the data in ZooKeeper, to compare what several servers hold.
 *
 * @param id random; the same for all states of the same data, new with every raise of the incarnation
 * @param version rises by one about every minute while clients are connected
 * @param tag random, new with every version
 */
public record DataLineage(String id, int version, String tag) {}
