package io.zookit.scheduler;

import io.zookit.scheduler.time.Slot;

/**
 * Receives a node's transitions, one method each, in order, on the client's executor. Exceptions are logged and
 * dropped.
 */
public interface SchedulerObserver {

  /** This node claimed a slot and is about to run it. */
  default void onClaimed(String job, Slot slot) {}

  /** A run of this node has its end record. */
  default void onEnded(RunRecord run) {}

  /** This node recorded that another node's run has no end. */
  default void onOrphaned(RunRecord run) {}

  /** A run of this node ended after its claim was lost; its end was refused. */
  default void onRefused(String job, Slot slot) {}

  /** ZooKeeper's leader shows a time that the nodes do not believe. */
  default void onClockDoubted() {}
}
