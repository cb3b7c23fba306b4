package io.zookit.registry.internal.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.registry.RegistrationStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.internal.provider.RegistrationStage.PendingStage;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Transitions of a registration in any order. {@code -Dzookit.seed=N} replays a run. */
class RegistrationStateTest {

  private static final ServiceInstance UP = ServiceInstance.at("shop", "10.0.0.7", 8000);
  private static final int RUNS = 2_000;
  private static final int STEPS = 30;

  @Test
  void transitions_inAnyOrder_neverLeadBackFromTheEnd() {
    long first = Long.getLong("zookit.seed", new Random().nextInt());
    System.out.println("seed=" + first);
    for (int run = 0; run < RUNS; run++) {
      Random random = new Random(first + run);
      RegistrationState state = RegistrationState.of(UP);
      for (int step = 0; step < STEPS; step++) {
        long nanos = seconds(step).toNanos();
        RegistrationState next = step(state, random, nanos);
        String when = "seed " + (first + run) + ", step " + step + ": " + state.status() + " to "
            + next.status();
        if (state.isEnded()) {
          assertThat(next.isEnded()).as(when).isTrue();
          assertThat(next.desired()).as(when).isSameAs(state.desired());
        }
        if (state.status() == RegistrationStatus.GONE) {
          assertThat(next.status()).as(when).isEqualTo(RegistrationStatus.GONE);
        }
        if (state.isSayingGoodbye()) {
          assertThat(next.isSayingGoodbye() || next.status() == RegistrationStatus.GONE)
              .as(when)
              .isTrue();
          assertThat(next.grace()).as(when).isLessThanOrEqualTo(state.grace());
        }
        if (state.graceLeft(nanos).isPresent() && next.graceLeft(nanos).isPresent()) {
          assertThat(next.graceLeft(nanos).get())
              .as(when)
              .isLessThanOrEqualTo(state.graceLeft(nanos).get());
        }
        if (state.stage() instanceof PendingStage before
            && next.stage() instanceof PendingStage after) {
          assertThat(after.settled()).as(when).isSameAs(before.settled());
        }
        state = next;
      }
    }
  }

  private static RegistrationState step(RegistrationState state, Random random, long nanos) {
    return switch (random.nextInt(13)) {
      case 0 -> state.withInstance(UP.withWeight(random.nextInt(9)));
      case 1 -> state.withProblem("no answer");
      case 2 -> state.toMissing("the node is missing");
      case 3 -> state.withOwned(1 + random.nextInt(9));
      case 4, 5 -> state.toRegistered();
      case 6 -> state.toConflict("the id is used elsewhere");
      case 7 -> state.withLeftBehind(new ZkPath("/n" + random.nextInt(3)));
      case 8 -> state.withoutLeftBehind();
      case 9 ->
        random.nextInt(4) == 0 ? state.toLeaving(Duration.ofSeconds(random.nextInt(60))) : state;
      case 10 ->
        random.nextBoolean()
            ? state.toGoodbye()
            : state.withGraceOfAtMost(Duration.ofSeconds(random.nextInt(60)), nanos);
      case 11 -> state.toGrace(nanos);
      default -> state.isSayingGoodbye() && random.nextInt(3) == 0 ? state.toGone() : state;
    };
  }

  @Test
  void toMissing_registered_isPendingAgainWithAFutureOfItsOwn() {
    RegistrationState pending = RegistrationState.of(UP);
    RegistrationState again = pending.withOwned(7).toRegistered().toMissing("the node is missing");
    assertThat(again.status()).isEqualTo(RegistrationStatus.PENDING);
    assertThat(again.problem()).isEqualTo("the node is missing");
    assertThat(again.trace().czxid()).isEqualTo(7);
    assertThat(((PendingStage) again.stage()).settled())
        .isNotSameAs(((PendingStage) pending.stage()).settled());
  }

  @Test
  void toMissing_conflicting_staysSo() {
    RegistrationState conflict =
        RegistrationState.of(UP).toRegistered().toConflict("the id is used at h:1");
    assertThat(conflict.toMissing("the session ended").status())
        .isEqualTo(RegistrationStatus.CONFLICT);
    assertThat(conflict.toRegistered().status()).isEqualTo(RegistrationStatus.REGISTERED);
  }

  @Test
  void toLeaving_ofARegisteredOne_remembersThatItWas() {
    RegistrationState leaving = RegistrationState.of(UP).toRegistered().toLeaving(Duration.ZERO);
    assertThat(leaving.stage())
        .isEqualTo(new RegistrationStage.LeavingStage(Duration.ZERO, true, false, null));
    assertThat(leaving.toLeaving(Duration.ofSeconds(1))).isSameAs(leaving);
  }

  @Test
  void withGraceOfAtMost_lessThanIsLeft_endsThen() {
    RegistrationState state = grace(60, 100).withGraceOfAtMost(seconds(5), at(110));
    assertThat(state.graceLeft(at(110))).contains(seconds(5));
    assertThat(state.graceLeft(at(115))).contains(Duration.ZERO);
    assertThat(state.grace()).isEqualTo(seconds(5));
  }

  @Test
  void withGraceOfAtMost_moreThanIsLeft_endsAsBefore() {
    RegistrationState state = grace(60, 100);
    for (int i = 0; i < 5; i++) {
      assertThat(state.withGraceOfAtMost(seconds(60), at(100 + 10 * i))).isSameAs(state);
      assertThat(state.toGrace(at(100 + 10 * i))).isSameAs(state);
    }
    RegistrationState shorter = state.withGraceOfAtMost(seconds(30), at(150));
    assertThat(shorter.grace()).isEqualTo(seconds(30));
    assertThat(shorter.graceLeft(at(150))).contains(seconds(10));
    RegistrationState over = state.withGraceOfAtMost(seconds(30), at(170));
    assertThat(over.graceLeft(at(170))).contains(seconds(-10));
  }

  @Test
  void withGraceOfAtMost_notBegun_beginsNothing() {
    RegistrationState leaving = RegistrationState.of(UP).toLeaving(seconds(60));
    assertThat(leaving.toGrace(0)).isSameAs(leaving);
    RegistrationState shorter = leaving.toGoodbye().withGraceOfAtMost(seconds(5), at(100));
    assertThat(shorter.graceLeft(at(100))).isEmpty();
    assertThat(shorter.toGrace(at(200)).graceLeft(at(201))).contains(seconds(4));
  }

  @Test
  void toGone_inItsGrace_hasNone() {
    assertThat(grace(60, 100).toGone().graceLeft(at(110))).isEmpty();
  }

  private static RegistrationState grace(int seconds, int since) {
    return RegistrationState.of(UP).toLeaving(seconds(seconds)).toGoodbye().toGrace(at(since));
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static long at(long seconds) {
    return seconds(seconds).toNanos();
  }
}
