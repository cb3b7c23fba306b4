package io.zookit.admin.service;

import io.zookit.registry.HeartbeatReport;
import java.time.Duration;
import java.time.Instant;

/**
 * The last heartbeat of an instance, as programs see it.
 *
 * @param at when it was written, by the clock of ZooKeeper's leader
 * @param phi the suspicion that the heartbeats have ended; 8 or more takes an instance out of rotation
 */
record HeartbeatDocument(Instant at, Duration period, double load, double phi) {

  static HeartbeatDocument of(HeartbeatReport report) {
    return new HeartbeatDocument(report.at(), report.period(), report.load(), report.phi());
  }
}
