package io.zookit.config.internal.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Namespace;
import io.zookit.config.Release;
import io.zookit.config.format.Format;
import io.zookit.config.gray.Instance;
import io.zookit.config.internal.model.GrayRule;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.Manifest;
import io.zookit.config.internal.model.ReleaseRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The rule of following, without anything around it. {@code -Dzookit.seed=N} replays a random run. */
class FollowStateTest {

  private static final Namespace NS = Namespace.of("prod", "shop", "prices");
  private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");
  private static final int RUNS = 2_000;
  private static final int EVENTS = 60;

  private FollowState state = FollowState.unknown(NS);
  private List<FollowEffect> effects = List.of();
  private long nanos;
  private long incarnation = 1;
  private boolean trusted = true;

  @Test
  void on_newHead_loadsItsReleaseAndTakesIt() {
    on(new FollowEvent.HeadRead(head(1, 1)));
    assertThat(load().release().release()).isEqualTo(1);

    on(opened(load()));

    assertThat(number()).isEqualTo(1);
    assertThat(effects).containsExactly(FollowEffect.Notify.NEWEST);
  }

  @Test
  void isStatusAwaited_markedHeadOrGrayRelease_isTrueUntilTheNextHead() {
    assertThat(state.isStatusAwaited()).isFalse();
    take(head(1, 1));
    assertThat(state.isStatusAwaited()).isFalse();

    take(copy(head(2, 2), List.of(), AT.plusSeconds(60)));
    assertThat(state.isStatusAwaited()).isTrue();
    take(head(3, 2));
    assertThat(state.isStatusAwaited()).isFalse();

    GrayRule everyone = new GrayRule(
        "trial",
        new ReleaseRef(3, "sha-3"),
        "everyone",
        "3",
        -1,
        1,
        false,
        AT,
        List.of("everyone"),
        Duration.ZERO,
        100);
    Head gray = copy(head(4, 2), List.of(everyone.stored()), null);
    take(gray);
    assertThat(number()).isEqualTo(3);
    assertThat(state.isStatusAwaited()).isTrue();
  }

  private void take(Head head) {
    on(new FollowEvent.HeadRead(head));
    if (effects.stream().anyMatch(FollowEffect.LoadRelease.class::isInstance)) {
      on(opened(load()));
    }
  }

  private static Head copy(
      Head head, List<Map<String, String>> grays, @Nullable Instant acksAwaitedUntil) {
    return new Head(
        head.epoch(),
        head.revision(),
        head.lastRelease(),
        head.state(),
        head.stable(),
        grays,
        head.candidate(),
        head.pins(),
        head.layers(),
        head.bundle(),
        head.releaseHash(),
        head.auditHash(),
        head.publishId(),
        head.by(),
        head.at(),
        head.message(),
        head.rider(),
        head.limits(),
        acksAwaitedUntil);
  }

  @Test
  void on_headsWhileLoading_loadsTheNewestOfThemNext() {
    on(new FollowEvent.HeadRead(head(1, 1)));
    FollowEffect.LoadRelease first = load();
    on(new FollowEvent.HeadRead(head(2, 2)));
    assertThat(effects).isEmpty();
    on(new FollowEvent.HeadRead(head(3, 3)));

    on(opened(first));

    assertThat(number()).isEqualTo(1);
    assertThat(load().release().release()).isEqualTo(3);
  }

  @Test
  void on_headAfterALoadThatNeverEnded_loadsAgainAndIgnoresTheLateEnd() {
    on(new FollowEvent.HeadRead(head(1, 1)));
    FollowEffect.LoadRelease lost = load();
    on(new FollowEvent.HeadRead(head(2, 2)));
    nanos += FollowTransition.LOST_LOAD.toNanos() + 1;

    on(new FollowEvent.HeadRead(head(3, 3)));

    FollowEffect.LoadRelease second = load();
    assertThat(second.release().release()).isEqualTo(3);
    on(opened(lost));
    assertThat(effects).isEmpty();
    on(opened(second));
    assertThat(number()).isEqualTo(3);
  }

  @Test
  void on_olderHead_isRefusedUntilTheIncarnationIsRaised() {
    on(new FollowEvent.HeadRead(head(2, 2)));
    on(opened(load()));

    on(new FollowEvent.HeadRead(head(1, 1)));

    assertThat(effects)
        .contains(new FollowEffect.ObserveOlder(1, 1), new FollowEffect.ReadHeadLater(0));
    assertThat(state.report(Instance.named("web-1"), "").status())
        .isEqualTo(InstanceReleaseStatus.Status.STALE);
    incarnation++;
    on(new FollowEvent.HeadRead(head(1, 1)));
    assertThat(load().release().release()).isEqualTo(1);
  }

  @Test
  void on_suspectedData_takesNothingAndReadsAgain() {
    trusted = false;

    on(new FollowEvent.HeadRead(head(1, 1)));

    assertThat(effects)
        .containsExactly(new FollowEffect.ReportStatus(), new FollowEffect.ReadHeadLater(0));
    assertThat(state.load()).isNull();
  }

  @Test
  void on_aReleaseThatCannotBeUsed_keepsTheLastGoodOneAndIsNotLoadedAgain() {
    on(new FollowEvent.HeadRead(head(1, 1)));
    on(opened(load()));
    on(new FollowEvent.HeadRead(head(2, 2)));

    on(ended(load(), ReleaseLoader.End.REFUSED));

    assertThat(number()).isEqualTo(1);
    assertThat(state.report(Instance.named("web-1"), "").status())
        .isEqualTo(InstanceReleaseStatus.Status.REJECTED);
    on(new FollowEvent.HeadRead(head(2, 2)));
    assertThat(effects).containsExactly(FollowEffect.Notify.CONFIRMED);
  }

  @Test
  void on_aStepThatFailed_reportsItAndReadsTheHeadAgain() {
    on(new FollowEvent.HeadRead(head(1, 1)));

    on(new FollowEvent.StepFailed("java.lang.OutOfMemoryError"));

    assertThat(effects).contains(new FollowEffect.ReadHeadLater(0));
    assertThat(state.report(Instance.named("web-1"), "").reason()).contains("OutOfMemoryError");
    on(new FollowEvent.HeadRead(head(1, 1)));
    on(opened(load()));
    assertThat(number()).isEqualTo(1);
    assertThat(state.status().trouble()).isNull();
  }

  @Test
  void on_aCandidate_isJudgedOnceAndAgainIfItWasPostponed() {
    Head voting = head(1, 1, Head.State.ACTIVE, candidate(2));
    on(new FollowEvent.HeadRead(voting));
    assertThat(effects)
        .contains(new FollowEffect.JudgeCandidate(voting, new ReleaseRef(2, "sha-2")));
    on(opened(load()));
    on(new FollowEvent.BatchEnded(1, List.of(), false, Optional.empty()));
    assertThat(effects).containsExactly(new FollowEffect.ReportStatus());

    on(new FollowEvent.CandidatePostponed(false));
    on(new FollowEvent.BatchEnded(1, List.of(), false, Optional.empty()));

    assertThat(effects).hasAtLeastOneElementOfType(FollowEffect.JudgeCandidate.class);
    on(new FollowEvent.CandidateJudged("sha-2", List.of("too large")));
    on(new FollowEvent.HeadRead(voting));
    assertThat(effects).doesNotHaveAnyElementsOfTypes(FollowEffect.JudgeCandidate.class);
    assertThat(state.report(Instance.named("web-1"), "").accepted()).isFalse();
  }

  @Test
  void on_anyEvents_neverGoesBackNeverIsDeafAndArrives() {
    Long replayed = Long.getLong("zookit.seed");
    long first = replayed == null ? ThreadLocalRandom.current().nextLong() : replayed;
    for (int run = 0; run < (replayed == null ? RUNS : 1); run++) {
      long seed = first + run;
      try {
        runRandomly(new Random(seed));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed=" + seed, e);
      }
    }
  }

  private void runRandomly(Random random) {
    state = FollowState.unknown(NS);
    incarnation = 1;
    trusted = true;
    List<Head> published = new ArrayList<>(List.of(head(1, 1)));
    List<FollowEffect.LoadRelease> open = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      nanos += Duration.ofSeconds(random.nextInt(40)).toNanos();
      if (random.nextInt(3) == 0) {
        published.add(changed(random, published.get(published.size() - 1)));
      }
      step(any(random, published, open), open);
    }
    nanos += FollowTransition.LOST_LOAD.toNanos() + 1;
    Head last = head(published.size() + 10, 77);
    step(new FollowEvent.HeadRead(last), open);
    FollowState.PendingLoad load = state.load();
    if (load != null) {
      step(new FollowEvent.LoadEnded(load.attempt(), result(load.selection().release())), open);
    }
    assertThat(number()).isEqualTo(77);
    assertThat(state.load()).isNull();
    assertThat(state.status().trouble()).isNull();
    assertThat(state.failures()).isZero();
  }

  private static Head changed(Random random, Head before) {
    long revision = before.revision() + 1;
    int stable = before.stableNumber();
    return switch (random.nextInt(5)) {
      case 0 -> head(revision, stable, Head.State.DELETED, null);
      case 1 -> head(revision, stable, Head.State.ACTIVE, candidate(stable + 1));
      case 2 -> head(revision, Math.max(1, stable - 1));
      default -> head(revision, stable + 1);
    };
  }

  private static FollowEvent any(
      Random random, List<Head> published, List<FollowEffect.LoadRelease> open) {
    int lag = Math.min(random.nextInt(4) == 0 ? 2 : 0, published.size() - 1);
    return switch (random.nextInt(12)) {
      case 0 -> new FollowEvent.HeadAbsent();
      case 1 -> new FollowEvent.HeadUnreadable("malformed", random.nextBoolean());
      case 2 -> new FollowEvent.ConnectionSuspect();
      case 3 ->
        new FollowEvent.BatchEnded(
            1, random.nextBoolean() ? List.of() : List.of("no"), false, Optional.empty());
      case 4 -> new FollowEvent.CandidateJudged("sha-" + random.nextInt(9), List.of());
      case 5 -> new FollowEvent.CandidatePostponed(random.nextBoolean());
      case 6 -> new FollowEvent.StepFailed("java.lang.StackOverflowError");
      case 7, 8, 9 -> new FollowEvent.HeadRead(published.get(published.size() - 1 - lag));
      default ->
        open.isEmpty()
            ? new FollowEvent.HeadRead(published.get(published.size() - 1))
            : loadEnd(random, open.remove(random.nextInt(open.size())));
    };
  }

  private static FollowEvent loadEnd(Random random, FollowEffect.LoadRelease load) {
    ReleaseLoader.End[] ends = ReleaseLoader.End.values();
    ReleaseLoader.End end = ends[random.nextInt(ends.length)];
    return end == ReleaseLoader.End.OPENED || random.nextBoolean()
        ? opened(load)
        : ended(load, end);
  }

  /** Handles one event, and checks what must hold after every one. */
  private void step(FollowEvent event, List<FollowEffect.LoadRelease> open) {
    FollowState before = state;
    assertThat(before.on(event, moment())).isEqualTo(before.on(event, moment()));
    on(event);
    LoadedRelease known = before.newest();
    LoadedRelease now = state.newest();
    if (known != null) {
      long revision = now == null ? -1 : now.head().revision();
      assertThat(revision).isGreaterThanOrEqualTo(known.head().revision());
    }
    if (now != null) {
      assertThat(state.seen().revision()).isGreaterThanOrEqualTo(now.head().revision());
      if (!now.isDeleted()) {
        assertThat(now.number()).isEqualTo(now.head().stableNumber());
      }
    }
    for (FollowEffect effect : effects) {
      if (effect instanceof FollowEffect.LoadRelease load) {
        assertThat(load.attempt()).isGreaterThan(before.loads());
        open.add(load);
      }
    }
    if (event instanceof FollowEvent.HeadRead read) {
      assertThat(isTaken(read.head())).as("%s after %s", state, event).isTrue();
    }
    if (event instanceof FollowEvent.StepFailed) {
      assertThat(effects).hasAtLeastOneElementOfType(FollowEffect.ReadHeadLater.class);
    }
  }

  /** A head is in use, on its way, known as one that cannot be used, or will be read again. */
  private boolean isTaken(Head head) {
    LoadedRelease now = state.newest();
    FollowState.PendingLoad load = state.load();
    return (now != null && now.head().equals(head))
        || (load != null && (head.equals(load.head()) || head.equals(load.next())))
        || (state.unusable() != null && state.unusable().release().equals(head.stable()))
        || effects.stream().anyMatch(effect -> effect instanceof FollowEffect.ReadHeadLater);
  }

  private void on(FollowEvent event) {
    FollowState.FollowStep step = state.on(event, moment());
    state = step.state();
    effects = step.effects();
  }

  private FollowEvent.Moment moment() {
    return new FollowEvent.Moment(
        Instance.named("web-1"), "cluster", incarnation, trusted, true, nanos);
  }

  private FollowEffect.LoadRelease load() {
    return effects.stream()
        .filter(FollowEffect.LoadRelease.class::isInstance)
        .map(FollowEffect.LoadRelease.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private int number() {
    LoadedRelease newest = state.newest();
    return newest == null ? 0 : newest.number();
  }

  private static FollowEvent opened(FollowEffect.LoadRelease load) {
    return new FollowEvent.LoadEnded(load.attempt(), result(load.release()));
  }

  private static FollowEvent ended(FollowEffect.LoadRelease load, ReleaseLoader.End end) {
    return new FollowEvent.LoadEnded(
        load.attempt(), new ReleaseLoader.Result(end, null, "of the test"));
  }

  private static ReleaseLoader.Result result(ReleaseRef release) {
    Manifest manifest = new Manifest(
        release.release(),
        null,
        Release.Kind.PUBLISH,
        null,
        Format.PROPERTIES,
        "ana",
        AT,
        "",
        "p",
        1,
        1,
        release.sha256(),
        "",
        1,
        null,
        null);
    return new ReleaseLoader.Result(
        ReleaseLoader.End.OPENED,
        new LoadedRelease.Text(manifest, new byte[1], Map.of("a", "1"), Map.of()),
        "");
  }

  private static Head.CandidateRelease candidate(int number) {
    return new Head.CandidateRelease(new ReleaseRef(number, "sha-" + number), AT);
  }

  private static Head head(long revision, int stable) {
    return head(revision, stable, Head.State.ACTIVE, null);
  }

  private static Head head(
      long revision, int stable, Head.State state, Head.@Nullable CandidateRelease candidate) {
    return new Head(
        1,
        revision,
        stable,
        state,
        new ReleaseRef(stable, "sha-" + stable),
        List.of(),
        candidate,
        List.of(),
        List.of(),
        null,
        "",
        "",
        "p" + revision,
        "ana",
        AT,
        "",
        null,
        null,
        null);
  }
}
