package io.zookit.core.internal.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.Subscription;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.testkit.ManualTimekeeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ScopeTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualTimekeeper time = new ManualTimekeeper();
  private final SerialLane loop = SerialLane.inline(Runnable::run, "loop");
  private final Scope scope = Scope.root(loop, time);
  private final List<String> seen = new ArrayList<>();

  @Test
  void wrap_openThenClosed_callsUntilClosed() {
    Runnable plain = scope.wrap(() -> seen.add("plain"));
    Consumer<String> consumer = scope.wrap((String value) -> seen.add(value));
    plain.run();
    consumer.accept("value");
    assertThat(seen).containsExactly("plain", "value");

    scope.close();
    plain.run();
    consumer.accept("late");

    assertThat(scope.isOpen()).isFalse();
    assertThat(seen).containsExactly("plain", "value");
  }

  @Test
  void wrap_callbackClosesItsScope_otherCallbacksOfTheScopeDoNotRun() {
    Runnable closing = scope.wrap(scope::close);
    Runnable other = scope.wrap(() -> seen.add("other"));

    closing.run();
    other.run();

    assertThat(seen).isEmpty();
  }

  @Test
  void after_delayPassed_runsOnceOnTheLoopAndLeavesNothing() {
    List<Boolean> onLoop = new ArrayList<>();
    scope.after(SECOND, () -> onLoop.add(loop.isCurrent()));
    assertThat(scope.size()).isEqualTo(1);

    time.advance(SECOND.multipliedBy(3));

    assertThat(onLoop).containsExactly(true);
    assertThat(scope.size()).isZero();
  }

  @Test
  void after_closedBefore_cancelsTheTimer() {
    scope.after(SECOND, () -> seen.add("scope closed"));
    Scope other = Scope.root(loop, time);
    Subscription timer = other.after(SECOND, () -> seen.add("timer closed"));

    scope.close();
    timer.close();
    timer.close();

    assertThat(time.pending()).isZero();
    assertThat(other.size()).isZero();
    time.advance(SECOND);
    assertThat(seen).isEmpty();
  }

  /** The timer has fired, and its step waits behind the task of the loop that closes the scope. */
  @Test
  void after_closedBetweenTimerAndStep_stepDoesNotRun() {
    scope.after(SECOND, () -> seen.add("late"));

    loop.execute(() -> {
      time.advance(SECOND);
      assertThat(time.pending()).isZero();
      scope.close();
    });

    assertThat(seen).isEmpty();
  }

  @Test
  void after_closedScope_startsNoTimer() {
    scope.close();

    scope.after(SECOND, () -> seen.add("late")).close();

    assertThat(time.pending()).isZero();
  }

  @Test
  void own_scopeCloses_closesNewestFirstAndOnce() {
    scope.own(() -> seen.add("first"));
    Subscription second = scope.own(() -> seen.add("second"));
    scope.child().own(() -> seen.add("in child"));
    scope.own(() -> seen.add("last"));
    second.close();
    second.close();
    assertThat(seen).containsExactly("second");

    scope.close();
    scope.close();

    assertThat(seen).containsExactly("second", "last", "in child", "first");
  }

  @Test
  void own_closedScope_closesAtOnce() {
    scope.close();

    scope.own(() -> seen.add("closed")).close();

    assertThat(seen).containsExactly("closed");
  }

  @Test
  void own_ownedClosesAnotherOfTheSameScope_eachClosesOnce() {
    Subscription first = scope.own(() -> seen.add("first"));
    scope.own(() -> {
      seen.add("second");
      first.close();
      scope.own(() -> seen.add("given while closing"));
    });

    scope.close();

    assertThat(seen).containsExactly("second", "first", "given while closing");
  }

  @Test
  void close_ownedFails_othersAreClosed() {
    scope.own(() -> seen.add("first"));
    scope.own(() -> {
      throw new IllegalStateException("a failure of this test");
    });
    scope.own(() -> seen.add("last"));

    scope.close();

    assertThat(seen).containsExactly("last", "first");
  }

  @Test
  void child_parentCloses_isClosed() {
    Scope child = scope.child();
    Runnable callback = child.child().wrap(() -> seen.add("late"));
    child.after(SECOND, () -> seen.add("late timer"));

    scope.close();
    callback.run();

    assertThat(child.isOpen()).isFalse();
    assertThat(time.pending()).isZero();
    assertThat(seen).isEmpty();
  }

  @Test
  void child_closed_leavesItsParentAndSiblingsOpen() {
    Scope child = scope.child();
    Scope sibling = scope.child();

    child.close();

    assertThat(scope.isOpen()).isTrue();
    assertThat(sibling.isOpen()).isTrue();
    assertThat(scope.size()).isEqualTo(1);
  }

  @Test
  void child_ofClosedScope_isClosed() {
    scope.close();

    assertThat(scope.child().isOpen()).isFalse();
    assertThat(scope.child().child().isOpen()).isFalse();
  }

  /** Random trees of scopes: a callback runs if and only if no scope from its own to the root was closed. */
  @Test
  void randomNesting_callbacksAndTimers_runOnlyWhereEveryScopeAroundIsOpen() {
    for (long seed = 1; seed <= 300; seed++) {
      randomNesting(new Random(seed), "seed=" + seed);
    }
  }

  private record Member(Scope scope, int parent, List<String> ran) {}

  private static void randomNesting(Random random, String seed) {
    ManualTimekeeper time = new ManualTimekeeper();
    List<Member> members = new ArrayList<>();
    SerialLane loop = SerialLane.inline(Runnable::run, "loop");
    members.add(new Member(Scope.root(loop, time), -1, new ArrayList<>()));
    for (int i = 1; i < 30; i++) {
      int parent = random.nextInt(members.size());
      members.add(new Member(members.get(parent).scope.child(), parent, new ArrayList<>()));
    }
    List<Runnable> callbacks = new ArrayList<>();
    for (Member member : members) {
      callbacks.add(member.scope.wrap(() -> member.ran.add("callback")));
      member.scope.after(SECOND, () -> member.ran.add("timer"));
    }
    List<Integer> closed =
        random.ints(random.nextInt(4), 0, members.size()).boxed().toList();
    closed.forEach(i -> members.get(i).scope.close());

    callbacks.forEach(Runnable::run);
    time.advance(SECOND);

    for (int i = 0; i < members.size(); i++) {
      boolean open = true;
      for (int around = i; around >= 0; around = members.get(around).parent) {
        open &= !closed.contains(around);
      }
      assertThat(members.get(i).ran)
          .as("%s, scope %d, closed %s", seed, i, closed)
          .isEqualTo(open ? List.of("callback", "timer") : List.of());
    }
    members.get(0).scope.close();
    assertThat(members).allMatch(member -> member.scope.size() == 0);
  }
}
