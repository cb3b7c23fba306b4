package io.zookit.registry;

import java.time.Duration;
import java.time.Instant;

/**
 * The last heartbeat of an instance, as it is stored in ZooKeeper.
 *
 * @param id the id of the instance
 * @param at when it was written, by the clock of ZooKeeper's leader
 * @param period the time between two heartbeats, as the instance reports it
 * @param load how busy the instance is, 0 to 1
 * @param phi the suspicion that the heartbeats have ended, 0 or more, for an instance that keeps its period: phi 8 means that
 *     a silence of this length happens by chance once in 10⁸ times. The silence is measured against the newest heartbeat of
 *     the service, so it is 0 for the only instance that writes any
 */
public record HeartbeatReport(String id, Instant at, Duration period, double load, double phi) {}
