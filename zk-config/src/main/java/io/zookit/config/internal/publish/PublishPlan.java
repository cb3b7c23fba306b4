package io.zookit.config.internal.publish;

import io.zookit.config.Change;
import io.zookit.config.ConfigRefusedException;
import io.zookit.config.History;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.config.Release;
import io.zookit.config.internal.head.HeadChange;
import io.zookit.config.internal.head.HeadUpdate;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.StoredHead;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Rules of a publish: whether the state of a namespace allows it, and how it changes the head. Pure. */
final class PublishPlan {

  private PublishPlan() {}

  /**
   * Refuses what the state of a namespace does not allow.
   *
   * @throws ConfigRefusedException if it is deleted, a candidate is voted on, gray releases are open or publishing is
   *     frozen, and the change does not override that
   */
  static void requirePublishable(
      Namespace ns, Head head, Policy policy, Change change, Instant now) {
    if (head.state() == Head.State.DELETED) {
      throw new ConfigRefusedException(ns, "the namespace is deleted; restore it first");
    }
    if (head.candidate() != null) {
      throw new ConfigRefusedException(
          ns,
          "release " + head.candidate().release().release()
              + " is being voted on; wait for it, or end the vote (withdraw)");
    }
    if (!head.grays().isEmpty() && !change.allowsOpenGrays() && !change.abortsGrays()) {
      throw new ConfigRefusedException(
          ns,
          "gray releases are open: " + String.join(", ", head.grayNames())
              + "; promote or abort them first, end them with this change (--abort-grays,"
              + " Change.abortGrays), or leave them open (--allow-open-grays, Change.allowOpenGrays)");
    }
    Optional<Policy.Freeze> freeze =
        policy.freezes().stream().filter(each -> each.covers(now)).findFirst();
    if (freeze.isPresent() && !change.overridesFreeze()) {
      throw new ConfigRefusedException(
          ns,
          "frozen until " + freeze.get().until() + ": " + freeze.get().reason()
              + " (--override-freeze, Change.overrideFreeze, goes through)");
    }
  }

  /** The change that makes a new release stable. */
  static HeadChange toStable(
      Namespace ns, StoredHead stored, ReleaseBuilder.Made made, History.Action action) {
    HeadUpdate update = HeadUpdate.of(stored.head())
        .newRelease(made.manifest(), made.hash())
        .state(Head.State.ACTIVE)
        .stable(made.manifest().pointer())
        .rider(made.rider());
    return HeadChange.of(ns, stored, update, action)
        .about(made.manifest().number())
        .with(made.ops());
  }

  /** The rest of a change whose content is stable already: the end of gray releases; empty if it ends none. */
  static Optional<HeadChange> endingGrays(Namespace ns, StoredHead stored, Change change) {
    HeadChange move = HeadChange.of(
            ns, stored, HeadUpdate.of(stored.head()), History.Action.ABANDON)
        .abortGrays(change);
    return Optional.of(move).filter(found -> found.aborted() != null);
  }

  /** Changes that clients apply together: each head names all of them, if there are several. */
  static List<HeadChange> together(String publishId, List<HeadChange> moves) {
    if (moves.size() < 2) {
      return moves;
    }
    Map<String, Long> revisions = new TreeMap<>();
    moves.forEach(move -> revisions.put(move.ns().toString(), move.edit().revision()));
    Head.Bundle bundle = new Head.Bundle(publishId, revisions);
    return moves.stream()
        .map(move -> move.updating(update -> update.bundle(bundle)))
        .toList();
  }

  /** The action of the audit entry of a release. */
  static History.Action actionOf(Release.Kind kind) {
    return kind == Release.Kind.IMPORT ? History.Action.IMPORT : History.Action.PUBLISH;
  }
}
