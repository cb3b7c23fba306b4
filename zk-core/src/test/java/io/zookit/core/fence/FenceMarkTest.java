package io.zookit.core.fence;

import static io.zookit.core.fence.FenceMode.EXCLUSIVE;
import static io.zookit.core.fence.FenceMode.SHARED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.zookit.core.FencingToken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FenceMarkTest {

  private static final FencingToken T3 = new FencingToken(1, 3, 0);
  private static final FencingToken T4 = new FencingToken(1, 4, 0);
  private static final FencingToken T5 = new FencingToken(1, 5, 0);
  private static final FencingToken T6 = new FencingToken(1, 6, 0);

  private record Touch(FencingToken token, FenceMode mode) {}

  @Test
  void admit_untouched_takesEverybody() {
    assertThat(FenceMark.untouched().admit(T3, SHARED)).isPresent();
    assertThat(FenceMark.untouched().admit(T3, EXCLUSIVE)).isPresent();
    assertThat(FenceMark.untouched().incarnation()).isZero();
  }

  @Test
  void admit_exclusiveAgain_changesNothing() {
    FenceMark mark = after(new Touch(T4, EXCLUSIVE));

    assertThat(mark.admit(T4, EXCLUSIVE)).contains(mark);
  }

  @Test
  void admit_olderThanLastWrite_isStaleInEitherMode() {
    FenceMark mark = after(new Touch(T4, EXCLUSIVE));

    assertThat(mark.admit(T3, SHARED)).isEmpty();
    assertThat(mark.admit(T3, EXCLUSIVE)).isEmpty();
  }

  @Test
  void admit_readerBehindLaterReader_isNotRefused() {
    FenceMark mark = after(new Touch(T3, EXCLUSIVE), new Touch(T6, SHARED));

    assertThat(mark.admit(T4, SHARED)).contains(mark);
  }

  @Test
  void admit_writerBehindReader_isStale() {
    FenceMark mark = after(new Touch(T4, EXCLUSIVE), new Touch(T5, SHARED));

    assertThat(mark.admit(T4, EXCLUSIVE)).isEmpty();
    assertThat(mark.admit(T6, EXCLUSIVE)).isPresent();
  }

  @Test
  void admit_writerWhoTurnedReader_readsWithItsTokenAndWritesNoMore() {
    FenceMark mark = after(new Touch(T4, EXCLUSIVE), new Touch(T4, SHARED));

    assertThat(mark.admit(T4, SHARED)).isPresent();
    assertThat(mark.admit(T4, EXCLUSIVE)).isEmpty();
  }

  @Test
  void admit_greaterIncarnation_beginsANewMark() {
    FencingToken reborn = new FencingToken(2, 1, 0);
    FenceMark mark = after(new Touch(T6, EXCLUSIVE), new Touch(reborn, SHARED));

    assertThat(mark).isEqualTo(new FenceMark(new FencingToken(2, 0, 0), reborn));
    assertThat(mark.incarnation()).isEqualTo(2);
    assertThat(mark.admit(T6, SHARED)).isEmpty();
    assertThat(mark.admit(new FencingToken(1, -1L, 0), EXCLUSIVE)).isEmpty();
  }

  @Test
  void admit_zxidAboveSignedRange_countsAsGreater() {
    FencingToken high = new FencingToken(1, 0x8000000000000001L, 0);
    FenceMark mark = after(new Touch(high, EXCLUSIVE));

    assertThat(mark.admit(new FencingToken(1, Long.MAX_VALUE, 0), EXCLUSIVE)).isEmpty();
  }

  @Test
  void admit_handOff_ordersOwnersOfOneNode() {
    FenceMark mark = after(new Touch(new FencingToken(1, 4, 1), EXCLUSIVE));

    assertThat(mark.admit(new FencingToken(1, 4, 0), EXCLUSIVE)).isEmpty();
    assertThat(mark.admit(new FencingToken(1, 4, 2), EXCLUSIVE)).isPresent();
  }

  @Test
  void admit_tokenNeverGranted_isRefusedAsArgument() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FenceMark.untouched().admit(new FencingToken(1, 0, 7), SHARED))
        .withMessageContaining("transaction number 1 or more");
  }

  @Test
  void create_tokensOfTwoIncarnations_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FenceMark(T3, new FencingToken(2, 3, 0)))
        .withMessageStartingWith("lastRead: ");
  }

  /** The mark must decide as a model that remembers every admitted touch. */
  @Test
  void admit_randomTouches_decidesLikeAFullMemory() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      FenceMark mark = FenceMark.untouched();
      List<Touch> admitted = new ArrayList<>();
      for (int step = 0; step < 20; step++) {
        Touch touch = randomTouch(random);
        Optional<FenceMark> next = mark.admit(touch.token(), touch.mode());

        assertThat(next.isPresent())
            .as("seed %d: %s after %s", seed, touch, admitted)
            .isEqualTo(mayFollow(touch, admitted));
        if (next.isPresent()) {
          admitted.add(touch);
          mark = next.get();
        }
      }
    }
  }

  /**
   * Owners of a mutex read and write back plus one, at arbitrary moments: each owner in two steps, in any interleaving
   * with the owners after it.
   */
  @Test
  void admit_staleOwnersInterleaved_noAcknowledgedUpdateIsLost() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int lostByControl = 0;
    for (int round = 0; round < 2_000; round++) {
      List<Integer> steps = interleaving(random, 6);
      assertThat(lostUpdates(steps, true)).as("seed %d: %s", seed, steps).isZero();
      lostByControl += lostUpdates(steps, false);
    }
    assertThat(lostByControl)
        .as("seed %d: lost when only writes are fenced", seed)
        .isPositive();
  }

  private static FenceMark after(Touch... touches) {
    FenceMark mark = FenceMark.untouched();
    for (Touch touch : touches) {
      mark = mark.admit(touch.token(), touch.mode()).orElseThrow();
    }
    return mark;
  }

  private static Touch randomTouch(Random random) {
    long zxid = random.nextBoolean() ? 1 + random.nextInt(6) : -1 - random.nextInt(3);
    FencingToken token = new FencingToken(random.nextInt(3), zxid, random.nextInt(2));
    return new Touch(token, random.nextInt(3) == 0 ? EXCLUSIVE : SHARED);
  }

  private static boolean mayFollow(Touch touch, List<Touch> admitted) {
    return admitted.stream().allMatch(before -> {
      if (before.token().incarnation() != touch.token().incarnation()) {
        return before.token().incarnation() < touch.token().incarnation();
      }
      if (before.mode() == SHARED) {
        return touch.mode() == SHARED || touch.token().isAfter(before.token());
      }
      return !before.token().isAfter(touch.token());
    });
  }

  /** Each owner twice: its first place is its read, its second its write. */
  private static List<Integer> interleaving(Random random, int owners) {
    List<Integer> steps = new ArrayList<>();
    for (int owner = 0; owner < owners; owner++) {
      steps.add(owner);
      steps.add(owner);
    }
    Collections.shuffle(steps, random);
    return steps;
  }

  private static int lostUpdates(List<Integer> steps, boolean readsFenced) {
    FenceMark mark = FenceMark.untouched();
    int[] seen = new int[steps.size() / 2];
    Arrays.fill(seen, -1);
    boolean[] refused = new boolean[seen.length];
    int stored = 0;
    int acknowledged = 0;
    for (int owner : steps) {
      boolean reads = seen[owner] < 0;
      if (!reads || readsFenced) {
        Optional<FenceMark> next = mark.admit(new FencingToken(1, owner + 1, 0), EXCLUSIVE);
        refused[owner] |= next.isEmpty();
        mark = next.orElse(mark);
      }
      if (reads) {
        seen[owner] = stored;
      } else if (!refused[owner]) {
        stored = seen[owner] + 1;
        acknowledged++;
      }
    }
    return acknowledged - stored;
  }
}
