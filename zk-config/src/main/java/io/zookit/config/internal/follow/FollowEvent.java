package io.zookit.config.internal.follow;

import io.zookit.config.gray.Instance;
import io.zookit.config.internal.model.Head;
import java.util.List;
import java.util.Optional;

/** Something that happened to a followed namespace; the input of {@link FollowState#on}. */
sealed interface FollowEvent {

  /**
   * The rest of the world at the moment of an event.
   *
   * @param cluster the name of the ensemble's data; empty while unknown
   * @param incarnation of the data; 0 while unknown
   * @param trusted whether the data are not suspected to have been restored
   * @param nanos of the client's clock
   */
  record Moment(
      Instance instance,
      String cluster,
      long incarnation,
      boolean trusted,
      boolean connected,
      long nanos) {}

  /** The file of an earlier run was read. */
  record FileRead(SnapshotFile.Kept kept) implements FollowEvent {}

  /** The head was read; the same one again after every read. */
  record HeadRead(Head head) implements FollowEvent {}

  /** There is no head. */
  record HeadAbsent() implements FollowEvent {}

  /** There is a head that cannot be read. */
  record HeadUnreadable(String reason, boolean tooNew) implements FollowEvent {}

  /** Nothing is known of the namespace from now on. */
  record ConnectionSuspect() implements FollowEvent {}

  /** A load ended. */
  record LoadEnded(long attempt, ReleaseLoader.Result result) implements FollowEvent {}

  /**
   * A batch ended.
   *
   * @param release what is in force of the namespace; 0 for nothing
   * @param problems why the newest release is not
   * @param notKept why what is in force is not in its file; empty if it is
   */
  record BatchEnded(
      int release, List<String> problems, boolean overridden, Optional<String> notKept)
      implements FollowEvent {}

  /** A candidate was tried; {@code problems} is empty if it can be used. */
  record CandidateJudged(String sha256, List<String> problems) implements FollowEvent {}

  /** A candidate could not be tried now. */
  record CandidatePostponed(boolean unread) implements FollowEvent {}

  /** An earlier event, or an effect of it, ended with something that was thrown. */
  record StepFailed(String thrown) implements FollowEvent {}
}
