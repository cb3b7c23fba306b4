package io.zookit.config.internal.follow;

import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Namespace;
import io.zookit.config.internal.model.Head;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One step from a {@link FollowState} to the next: its fields are those of the next state while it is being computed.
 * Used once. Pure: no I/O, no clock, nothing that is shared.
 */
final class FollowTransition {

  /** The age at which a load that has not ended is taken for lost. */
  static final Duration LOST_LOAD = Duration.ofMinutes(2);

  private static final int LONGEST_REASON = 500;

  private final Namespace ns;
  private final FollowEvent.Moment now;
  private final List<FollowEffect> effects = new ArrayList<>();

  private FollowState.SeenState seen;
  private String lineage;
  private @Nullable LoadedRelease newest;
  private FollowState.@Nullable UnusableRelease unusable;
  private FollowState.@Nullable PendingLoad load;
  private long loads;
  private boolean live;
  private boolean absent;
  private int failures;
  private FollowState.OfferedRelease settled;
  private FollowState.@Nullable OfferedRelease trouble;
  private InstanceReleaseStatus.@Nullable Vote vote;
  private @Nullable String judging;
  private int applied;
  private @Nullable String notKept;
  private boolean unsupported;

  FollowTransition(FollowState from, FollowEvent.Moment now) {
    this.ns = from.ns();
    this.now = now;
    this.seen = from.seen();
    this.lineage = from.lineage();
    this.newest = from.newest();
    this.unusable = from.unusable();
    this.load = from.load();
    this.loads = from.loads();
    this.live = from.live();
    this.absent = from.absent();
    this.failures = from.failures();
    this.settled = from.status().settled();
    this.trouble = from.status().trouble();
    this.vote = from.status().vote();
    this.judging = from.status().judging();
    this.applied = from.status().applied();
    this.notKept = from.status().notKept();
    this.unsupported = from.status().unsupported();
  }

  FollowState.FollowStep on(FollowEvent event) {
    if (event instanceof FollowEvent.FileRead file) {
      onFile(file.kept());
    } else if (event instanceof FollowEvent.HeadRead read) {
      onHead(read.head());
    } else if (event instanceof FollowEvent.HeadAbsent) {
      onAbsent();
    } else if (event instanceof FollowEvent.HeadUnreadable unreadable) {
      onUnreadable(unreadable);
    } else if (event instanceof FollowEvent.ConnectionSuspect) {
      live = false;
      effects.add(FollowEffect.Notify.SUSPECT);
    } else if (event instanceof FollowEvent.LoadEnded ended) {
      onLoadEnded(ended);
    } else if (event instanceof FollowEvent.BatchEnded batch) {
      onBatchEnded(batch);
    } else if (event instanceof FollowEvent.CandidateJudged judged) {
      onJudged(judged.sha256(), judged.problems());
    } else if (event instanceof FollowEvent.CandidatePostponed postponed) {
      judging = null;
      if (postponed.unread()) {
        readHeadLater();
      }
    } else if (event instanceof FollowEvent.StepFailed failed) {
      onFailed(failed.thrown());
    }
    return new FollowState.FollowStep(next(), List.copyOf(effects));
  }

  private FollowState next() {
    return new FollowState(
        ns,
        seen,
        lineage,
        newest,
        unusable,
        load,
        loads,
        live,
        absent,
        failures,
        new FollowState.FollowStatus(
            settled, trouble, vote, judging, applied, notKept, unsupported));
  }

  private void onFile(SnapshotFile.Kept kept) {
    Head head = kept.loaded().head();
    long incarnation = kept.memory().incarnation();
    seen = new FollowState.SeenState(
        incarnation == SnapshotFile.Memory.UNKNOWN ? Long.MAX_VALUE : incarnation,
        head.epoch(),
        head.revision(),
        kept.cluster());
    lineage = kept.memory().lineage();
    newest = kept.loaded();
    effects.add(FollowEffect.Notify.NEWEST);
  }

  private void onHead(Head head) {
    absent = false;
    forgetOtherCluster();
    if (!lineage.isEmpty() && seen.cluster().equals(now.cluster())) {
      effects.add(new FollowEffect.CompareLineage(lineage)); // before anything of the data is taken
      lineage = "";
      return;
    }
    if (!now.trusted()) {
      toTrouble(
          InstanceReleaseStatus.Status.STALE, verdict().offered(), "restored data are suspected");
      readHeadLater();
      return;
    }
    if (seen.isAfter(head, now.incarnation())) {
      effects.add(new FollowEffect.ObserveOlder(head.epoch(), head.revision()));
      toTrouble(InstanceReleaseStatus.Status.STALE, verdict().offered(), "an older state was seen");
      readHeadLater();
      return;
    }
    seen =
        new FollowState.SeenState(now.incarnation(), head.epoch(), head.revision(), now.cluster());
    live = true;
    judging = null; // a trial whose end was lost is begun again
    FollowState.PendingLoad pending = load;
    if (pending == null || now.nanos() - pending.since() > LOST_LOAD.toNanos()) {
      select(head);
    } else {
      load = pending.followedBy(head);
    }
  }

  /** Forgets what a file said of another ensemble's data. */
  private void forgetOtherCluster() {
    String here = now.cluster();
    if (!seen.cluster().isEmpty() && !here.isEmpty() && !seen.cluster().equals(here)) {
      seen = new FollowState.SeenState(0, 0, 0, here);
      lineage = "";
    }
  }

  private void onAbsent() {
    live = true;
    absent = true;
    if (newest == null) {
      effects.add(FollowEffect.Notify.ABSENT);
    } else if (newest.head().revision() > 0) {
      toTrouble(
          InstanceReleaseStatus.Status.STALE, verdict().offered(), "the namespace is not there");
    }
  }

  private void onUnreadable(FollowEvent.HeadUnreadable unreadable) {
    InstanceReleaseStatus.Status status = unreadable.tooNew()
        ? InstanceReleaseStatus.Status.UNSUPPORTED
        : InstanceReleaseStatus.Status.STALE;
    if (verdict().status() != status) {
      effects.add(
          unreadable.tooNew()
              ? new FollowEffect.ObserveUnsupported("the head")
              : new FollowEffect.ObserveUnreadable(unreadable.reason()));
    }
    toTrouble(status, verdict().offered(), unreadable.reason());
  }

  /** Takes the release that a head names for this instance, or begins to load it. */
  private void select(Head whole) {
    load = null;
    Head head = whole.alone();
    Optional<Head.Selection> selection = head.select(ns, now.instance());
    noteUnsupported(selection);
    askAboutCandidate(head);
    LoadedRelease before = newest;
    if (head.state() != Head.State.ACTIVE || selection.isEmpty()) {
      take(
          before == null
              ? new LoadedRelease(ns, head, null, "", null)
              : before.under(head, before.rule()));
    } else if (before != null && before.is(selection.get().release())) {
      take(before.under(head, selection.get().rule()));
    } else if (unusableOf(head, selection.get()).equals(unusable)) {
      effects.add(FollowEffect.Notify.CONFIRMED); // it stays as unusable as it was
    } else {
      load = new FollowState.PendingLoad(++loads, now.nanos(), whole, selection.get(), null);
      effects.add(new FollowEffect.LoadRelease(loads, whole, selection.get().release()));
    }
  }

  private static FollowState.UnusableRelease unusableOf(Head head, Head.Selection selection) {
    return new FollowState.UnusableRelease(selection.release(), head.most());
  }

  private void onLoadEnded(FollowEvent.LoadEnded ended) {
    FollowState.PendingLoad pending = load;
    if (pending == null || pending.attempt() != ended.attempt()) {
      return;
    }
    load = null;
    onLoadEnded(pending, ended.result());
    if (pending.next() != null) {
      select(pending.next());
    }
  }

  private void onLoadEnded(FollowState.PendingLoad pending, ReleaseLoader.Result result) {
    Head.Selection selection = pending.selection();
    int release = selection.release().release();
    LoadedRelease.Text text = result.text();
    if (text != null) {
      take(new LoadedRelease(ns, pending.head().alone(), text, selection.rule(), null));
    } else if (result.end() == ReleaseLoader.End.REFUSED) {
      unusable = unusableOf(pending.head(), selection);
      toRejected(release, result.problem());
      effects.add(FollowEffect.Notify.CONFIRMED);
    } else if (result.end() == ReleaseLoader.End.FAILED) {
      toRejected(release, result.problem());
      readHeadLater();
    } else if (now.connected()) { // otherwise the next connect reads the head
      effects.add(new FollowEffect.ObserveUnreadable(result.problem()));
      toTrouble(InstanceReleaseStatus.Status.STALE, release, result.problem());
      readHeadLater();
    }
  }

  private void take(LoadedRelease loaded) {
    LoadedRelease before = newest;
    newest = loaded;
    failures = 0;
    trouble = null;
    unusable = null;
    if (loaded.isDeleted() && (before == null || !before.isDeleted())) {
      effects.add(new FollowEffect.ObserveDeleted());
    }
    effects.add(loaded.equals(before) ? FollowEffect.Notify.CONFIRMED : FollowEffect.Notify.NEWEST);
  }

  private void onBatchEnded(FollowEvent.BatchEnded batch) {
    applied = batch.release();
    notKept = batch.notKept().map(FollowTransition::shortened).orElse(null);
    InstanceReleaseStatus.Status status = InstanceReleaseStatus.Status.APPLIED;
    if (!batch.problems().isEmpty()) {
      status = InstanceReleaseStatus.Status.REJECTED;
    } else if (batch.overridden()) {
      status = InstanceReleaseStatus.Status.OVERRIDDEN;
    } else if (unsupported) {
      status = InstanceReleaseStatus.Status.UNSUPPORTED;
    }
    int offered = newest == null ? 0 : newest.number();
    settled = new FollowState.OfferedRelease(
        status, offered, shortened(String.join("; ", batch.problems())));
    effects.add(new FollowEffect.ReportStatus());
    if (newest != null) {
      askAboutCandidate(newest.head());
    }
  }

  private void askAboutCandidate(Head head) {
    Head.CandidateRelease candidate = head.candidate();
    if (candidate == null) {
      vote = null;
      judging = null;
      return;
    }
    String sha256 = candidate.release().sha256();
    boolean given = vote != null && vote.sha256().equals(sha256);
    if (!given && !sha256.equals(judging)) {
      judging = sha256;
      effects.add(new FollowEffect.JudgeCandidate(head, candidate.release()));
    }
  }

  private void onJudged(String sha256, List<String> problems) {
    judging = null;
    vote = new InstanceReleaseStatus.Vote(
        sha256, problems.isEmpty(), shortened(String.join("; ", problems)));
    effects.add(new FollowEffect.ReportStatus());
  }

  private void onFailed(String thrown) {
    FollowState.PendingLoad pending = load;
    int release = pending != null
        ? pending.selection().release().release()
        : newest == null ? 0 : newest.number();
    load = null;
    judging = null;
    toRejected(release, "failed with " + thrown);
    readHeadLater();
  }

  private void noteUnsupported(Optional<Head.Selection> selection) {
    boolean is = selection.isPresent() && selection.get().unsupported();
    if (is && !unsupported) {
      effects.add(new FollowEffect.ObserveUnsupported("a rule of a gray release"));
    }
    unsupported = is;
  }

  private void toRejected(int release, String problem) {
    effects.add(new FollowEffect.ObserveRejected(release, problem));
    toTrouble(InstanceReleaseStatus.Status.REJECTED, release, problem);
  }

  private void toTrouble(InstanceReleaseStatus.Status status, int release, String reason) {
    trouble = new FollowState.OfferedRelease(status, release, shortened(reason));
    effects.add(new FollowEffect.ReportStatus());
  }

  private FollowState.OfferedRelease verdict() {
    return trouble == null ? settled : trouble;
  }

  private void readHeadLater() {
    effects.add(new FollowEffect.ReadHeadLater(failures++));
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "...";
  }
}
