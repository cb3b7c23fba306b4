package io.zookit.config.internal.follow;

import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Namespace;
import io.zookit.config.format.DocumentLimits;
import io.zookit.config.gray.Instance;
import io.zookit.config.internal.model.AckRecord;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.ReleaseRef;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one namespace for one store: takes heads that are not older than the known one, and fetches the release they
 * name for this instance.
 *
 * <p>One fetch is under way at a time; a head that comes meanwhile waits, and only the newest of several. So a stream
 * of releases is followed with gaps, but forward, and to its end.
 *
 * <pre>
 *   head ──older?──► refused, looked again behind the leader
 *     │
 *     └─► select ──► the release is here ──► owner notified
 *                └─► fetch ──► read, opened, its hash right ──► owner notified
 *                          ├─► not ──► the last good one stays, tried again
 *                          └─► it cannot be used ──► the last good one stays, rejected
 * </pre>
 *
 * <p><i>Failure:</i> whatever is thrown on the way, an {@code Error} too, is a rejection of the release with what was
 * thrown as its reason, and is tried again; the next head is followed like any other.
 *
 * <p>Lives on the loop.
 */
final class NamespaceWatcher implements HeadWatcher.Listener {

  /** The greatest state seen; nothing smaller is taken, unless an operator has raised the incarnation since. */
  private record LastSeen(long incarnation, long epoch, long revision, String cluster) {

    /** Tells if a state is smaller than this one. */
    boolean isAfter(Head head, long now) {
      return now <= incarnation && head.isOlderThan(epoch, revision);
    }
  }

  /** Status of the newest release here, as it is reported. */
  private record ReportedStatus(InstanceReleaseStatus.Status status, int offered, String reason) {}

  /** A release that cannot be used within these limits. */
  private record UnusableRelease(ReleaseRef release, DocumentLimits limits) {}

  private static final Logger log = LoggerFactory.getLogger(NamespaceWatcher.class);

  private final ConfigSubscriptions owner;
  private final Namespace ns;
  private final InstanceStatusReporter ack;
  private LastSeen seen = new LastSeen(0, 0, 0, "");
  private String memory = "";
  private ReportedStatus settled = new ReportedStatus(InstanceReleaseStatus.Status.APPLIED, 0, "");

  /** The reason why the release that the head names is not here; null while it is. */
  private @Nullable ReportedStatus trouble;

  private @Nullable UnusableRelease refused;
  private @Nullable LoadedRelease newest;
  private @Nullable HeadWatcher feed;
  private @Nullable Head waiting;
  private InstanceReleaseStatus.@Nullable Vote vote;
  private boolean fetching;
  private boolean live;
  private boolean absent;
  private boolean toldUnsupported;
  private int failures;
  private int applied;
  private @Nullable String notKept;

  NamespaceWatcher(ConfigSubscriptions owner, Namespace ns) {
    this.owner = owner;
    this.ns = ns;
    this.ack = new InstanceStatusReporter(owner.client(), owner.paths(), ns);
  }

  /** Begins, with what was known at the end of an earlier run. */
  void start(Optional<SnapshotFile.Kept> kept) {
    if (kept.isPresent()) {
      LoadedRelease loaded = kept.get().loaded();
      SnapshotFile.Memory then = kept.get().memory();
      seen = new LastSeen(
          then.incarnation() == SnapshotFile.Memory.UNKNOWN ? Long.MAX_VALUE : then.incarnation(),
          loaded.head().epoch(),
          loaded.head().revision(),
          kept.get().cluster());
      memory = then.lineage();
      newest = loaded;
      guarded(loaded.number(), () -> owner.onNewest(this));
    }
    feed = owner.attach(ns, this);
  }

  Namespace namespace() {
    return ns;
  }

  /** The newest release that can be used; null while nothing is known. */
  @Nullable
  LoadedRelease newest() {
    return newest;
  }

  /** Tells if the namespace was looked for and is not there. */
  boolean isAbsent() {
    return absent;
  }

  boolean isLive() {
    return live;
  }

  /** Looks at the head again, now. */
  void look() {
    if (feed != null) {
      feed.look(true);
    }
  }

  void close() {
    owner.detach(ns, this);
    ack.close();
  }

  @Override
  public void onHead(Head head) {
    absent = false;
    forgetOtherCluster();
    if (isRecalling()) {
      return;
    }
    if (!owner.client().isTrusted()) {
      toTrouble(
          InstanceReleaseStatus.Status.STALE, verdict().offered(), "restored data are suspected");
      tryAgain();
      return;
    }
    long incarnation = ConfigEngine.incarnation(owner.client());
    if (seen.isAfter(head, incarnation)) {
      owner.observers().onOlderRefused(ns, head.epoch(), head.revision());
      toTrouble(InstanceReleaseStatus.Status.STALE, verdict().offered(), "an older state was seen");
      tryAgain();
      return;
    }
    seen = new LastSeen(incarnation, head.epoch(), head.revision(), owner.cluster());
    live = true;
    if (fetching) {
      waiting = head;
    } else {
      follow(head);
    }
  }

  /** Compares what an earlier run remembered of these data before anything of them is taken. */
  private boolean isRecalling() {
    if (memory.isEmpty() || !seen.cluster().equals(owner.cluster())) {
      return false;
    }
    String kept = memory;
    memory = "";
    owner.client().recall(kept, this::look);
    return true;
  }

  @Override
  public void onAbsent() {
    live = true;
    absent = true;
    if (newest == null) {
      owner.onAbsent(this);
    } else if (newest.head().revision() > 0) {
      toTrouble(
          InstanceReleaseStatus.Status.STALE, verdict().offered(), "the namespace is not there");
    }
  }

  @Override
  public void onUnreadable(String reason, boolean tooNew) {
    InstanceReleaseStatus.Status status =
        tooNew ? InstanceReleaseStatus.Status.UNSUPPORTED : InstanceReleaseStatus.Status.STALE;
    if (verdict().status() != status) {
      if (tooNew) {
        owner.observers().onUnsupported(ns, "the head");
      } else {
        owner.observers().onUnreadable(ns, reason);
      }
    }
    toTrouble(status, verdict().offered(), reason);
  }

  @Override
  public void onSuspect() {
    live = false;
    owner.onSuspect(this);
  }

  /** Receives what the store made of the newest release. */
  void onSettled(
      int release, List<String> problems, boolean overridden, Optional<String> reasonNotKept) {
    applied = release;
    notKept = reasonNotKept.map(NamespaceWatcher::shortened).orElse(null);
    InstanceReleaseStatus.Status status = InstanceReleaseStatus.Status.APPLIED;
    if (!problems.isEmpty()) {
      status = InstanceReleaseStatus.Status.REJECTED;
    } else if (overridden) {
      status = InstanceReleaseStatus.Status.OVERRIDDEN;
    } else if (toldUnsupported) {
      status = InstanceReleaseStatus.Status.UNSUPPORTED;
    }
    int offered = newest == null ? 0 : newest.number();
    settled = new ReportedStatus(status, offered, shortened(String.join("; ", problems)));
    say();
    if (newest != null) {
      askAboutCandidate(newest.head());
    }
  }

  void onVoted(String sha256, List<String> problems) {
    vote = new InstanceReleaseStatus.Vote(
        sha256, problems.isEmpty(), shortened(String.join("; ", problems)));
    say();
  }

  private void follow(Head whole) {
    guarded(whole.stableNumber(), () -> select(whole));
  }

  private void select(Head whole) {
    Head head = whole.alone();
    Optional<Head.Selection> selection = head.select(ns, owner.instance());
    noteUnsupported(selection);
    askAboutCandidate(head);
    LoadedRelease before = newest;
    boolean keep = head.state() != Head.State.ACTIVE || selection.isEmpty();
    if (keep) {
      take(
          before == null
              ? new LoadedRelease(ns, head, null, "", null)
              : before.under(head, before.rule()));
    } else if (before != null && before.is(selection.get().release())) {
      take(before.under(head, selection.get().rule()));
    } else if (new UnusableRelease(selection.get().release(), head.most()).equals(refused)) {
      owner.onConfirmed(this); // it stays as unusable as it was
    } else {
      fetch(whole, selection.get());
    }
  }

  private void fetch(Head head, Head.Selection selection) {
    fetching = true;
    boolean asked = guarded(
        selection.release().release(),
        () -> owner.fetcher().fetch(ns, head, selection.release(), result -> {
          fetching = false;
          guarded(selection.release().release(), () -> onFetched(head, selection, result));
          Head next = waiting;
          waiting = null;
          if (next != null) {
            follow(next);
          }
        }));
    fetching &= asked;
  }

  private void onFetched(Head head, Head.Selection selection, ReleaseLoader.Result result) {
    int release = selection.release().release();
    LoadedRelease.Text text = result.text();
    if (text != null) {
      take(new LoadedRelease(ns, head.alone(), text, selection.rule(), null));
      return;
    }
    switch (result.end()) {
      case REFUSED -> {
        refused = new UnusableRelease(selection.release(), head.most());
        onRejected(release, result.problem());
        owner.onConfirmed(this);
      }
      case FAILED -> {
        onRejected(release, result.problem());
        tryAgain();
      }
      default -> onUnreadable(release, result.problem());
    }
  }

  private void onRejected(int release, String problem) {
    owner.observers().onRejected(ns, release, List.of(problem));
    toTrouble(InstanceReleaseStatus.Status.REJECTED, release, problem);
  }

  private void onUnreadable(int release, String problem) {
    if (owner.client().handle().filter(handle -> handle.isConnected()).isEmpty()) {
      return; // the next connect looks again
    }
    owner.observers().onUnreadable(ns, problem);
    toTrouble(InstanceReleaseStatus.Status.STALE, release, problem);
    tryAgain();
  }

  /** Goes on whatever is thrown; false if something was. */
  private boolean guarded(int release, Runnable step) {
    try {
      step.run();
      return true;
    } catch (Throwable e) {
      log.error("config {}: release {} cannot be followed, tried again", ns, release, e);
      onRejected(release, "failed with " + e.getClass().getName());
      tryAgain();
      return false;
    }
  }

  private void take(LoadedRelease loaded) {
    LoadedRelease before = newest;
    newest = loaded;
    failures = 0;
    trouble = null;
    refused = null;
    if (loaded.isDeleted() && (before == null || !before.isDeleted())) {
      owner.observers().onDeleted(ns);
    }
    if (loaded.equals(before)) {
      owner.onConfirmed(this);
    } else {
      owner.onNewest(this);
    }
  }

  private void askAboutCandidate(Head head) {
    Head.CandidateRelease candidate = head.candidate();
    if (candidate == null) {
      vote = null;
      return;
    }
    String sha256 = candidate.release().sha256();
    if (vote != null && vote.sha256().equals(sha256)) {
      return;
    }
    owner.fetcher().fetch(ns, head, candidate.release(), result -> {
      if (result.end() == ReleaseLoader.End.UNREAD) {
        tryAgain(); // it was not read, so it cannot be judged
      } else if (result.text() == null) {
        onVoted(sha256, List.of(result.problem()));
      } else {
        owner.tryOut(this, new LoadedRelease(ns, head, result.text(), "candidate", null), sha256);
      }
    });
  }

  private void noteUnsupported(Optional<Head.Selection> selection) {
    boolean unsupported = selection.isPresent() && selection.get().unsupported();
    if (unsupported && !toldUnsupported) {
      owner.observers().onUnsupported(ns, "a rule of a gray release");
    }
    toldUnsupported = unsupported;
  }

  /** Forgets what a file said of another ensemble's data. */
  private void forgetOtherCluster() {
    String here = owner.cluster();
    if (!seen.cluster().isEmpty() && !here.isEmpty() && !seen.cluster().equals(here)) {
      seen = new LastSeen(0, 0, 0, here);
      memory = "";
    }
  }

  private void tryAgain() {
    if (feed != null) {
      feed.lookAgain(failures++);
    }
  }

  private void toTrouble(InstanceReleaseStatus.Status status, int release, String reason) {
    trouble = new ReportedStatus(status, release, shortened(reason));
    say();
  }

  private ReportedStatus verdict() {
    return trouble == null ? settled : trouble;
  }

  private void say() {
    Instance me = owner.instance();
    ReportedStatus verdict = verdict();
    InstanceReleaseStatus.Vote given = vote;
    ack.say(new AckRecord(
        me.id(),
        me.address(),
        me.labels(),
        seen.epoch(),
        seen.revision(),
        applied,
        verdict.offered(),
        verdict.status(),
        verdict.reason(),
        given == null ? null : given.sha256(),
        given == null ? null : given.accepted(),
        given == null ? null : given.objection(),
        notKept,
        owner.client().label()));
  }

  private static String shortened(String text) {
    return text.length() <= 500 ? text : text.substring(0, 500) + "...";
  }
}
