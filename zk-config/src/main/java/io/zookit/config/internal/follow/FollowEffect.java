package io.zookit.config.internal.follow;

import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.ReleaseRef;

/** Something that the follower of a namespace has to do; the output of {@link FollowState#on}. */
sealed interface FollowEffect {

  /** Compare the data with the lineage of an earlier run, then read the head. */
  record CompareLineage(String lineage) implements FollowEffect {}

  /** Read the head after a pause that grows with the number of failures. */
  record ReadHeadLater(int failures) implements FollowEffect {}

  /** Load a release; {@code attempt} comes back with its end. */
  record LoadRelease(long attempt, Head head, ReleaseRef release) implements FollowEffect {}

  /** Try a candidate without using it. */
  record JudgeCandidate(Head head, ReleaseRef release) implements FollowEffect {}

  /** Notify the subscriptions of the store. */
  enum Notify implements FollowEffect {
    /** The newest release or its head is another one. */
    NEWEST,
    /** The known state is the newest. */
    CONFIRMED,
    /** The namespace does not exist. */
    ABSENT,
    /** The known state may be old. */
    SUSPECT
  }

  /** Report the status of this instance. */
  record ReportStatus() implements FollowEffect {}

  /** Tell the observer that an older state was refused. */
  record ObserveOlder(long epoch, long revision) implements FollowEffect {}

  /** Tell the observer of something of a later version. */
  record ObserveUnsupported(String what) implements FollowEffect {}

  /** Tell the observer of something that cannot be read. */
  record ObserveUnreadable(String reason) implements FollowEffect {}

  /** Tell the observer of a release that was refused. */
  record ObserveRejected(int release, String problem) implements FollowEffect {}

  /** Tell the observer that the namespace was deleted. */
  record ObserveDeleted() implements FollowEffect {}
}
