package io.zookit.core.internal.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.testkit.ManualTimekeeper;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.api.Test;

class PendingRequestsTest {

  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final ManualTimekeeper time = new ManualTimekeeper();
  private final PendingRequests<Named> requests =
      new PendingRequests<>(SerialLane.inline(Runnable::run, "loop"), time, PAUSE);
  private final List<String> sent = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();
  private final List<Consumer<Answer<Boolean>>> replies = new ArrayList<>();
  private final Session session = new Session();

  /** A request that is the same as any other of its name. */
  private final class Named implements PendingRequests.RepeatedRequest {

    private final String name;

    Named(String name) {
      this.name = name;
    }

    @Override
    public void send(SessionHandle handle, Consumer<Answer<Boolean>> reply) {
      sent.add(name);
      replies.add(reply);
    }

    @Override
    public boolean isDoneBy(Code code) {
      return code == Code.NODEEXISTS;
    }

    @Override
    public void onRefused(Code code, boolean isNew) {
      refusals.add(name + " " + code + (isNew ? " new" : ""));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Named named && named.name.equals(name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }

  /** A session of which only the state is used. */
  private static final class Session {

    private boolean connected = true;
    private boolean over;
    private final SessionHandle handle = (SessionHandle) Proxy.newProxyInstance(
        SessionHandle.class.getClassLoader(),
        new Class<?>[] {SessionHandle.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "isConnected" -> connected;
          case "isOver" -> over;
          case "hashCode" -> System.identityHashCode(proxy);
          case "equals" -> proxy == arguments[0];
          default -> throw new IllegalStateException(method.getName());
        });
  }

  private CompletableFuture<Void> add(String name) {
    return requests.add(session.handle, new Named(name));
  }

  private void answer(Code code) {
    replies.remove(0).accept(code == Code.OK ? Answer.ok(true) : Answer.of(code));
  }

  @Test
  void add_answered_isDone() {
    CompletableFuture<Void> one = add("a");
    CompletableFuture<Void> other = add("b");
    assertThat(requests.size()).isEqualTo(2);

    answer(Code.OK);
    answer(Code.NODEEXISTS);

    assertThat(one).isDone();
    assertThat(other).isDone();
    assertThat(requests.size()).isZero();
  }

  @Test
  void add_equalOne_isSentOnce() {
    CompletableFuture<Void> one = add("a");
    CompletableFuture<Void> same = add("a");

    assertThat(sent).containsExactly("a");
    answer(Code.OK);
    assertThat(one).isDone();
    assertThat(same).isDone();
  }

  @Test
  void add_noAnswer_isSentAgainWithTheNextConnection() {
    CompletableFuture<Void> done = add("a");
    session.connected = false;
    answer(Code.CONNECTIONLOSS);
    add("b");
    time.advance(PAUSE.multipliedBy(3));
    assertThat(sent).containsExactly("a");

    session.connected = true;
    requests.onConnected(session.handle);

    assertThat(sent).containsExactly("a", "a", "b");
    answer(Code.OK);
    assertThat(done).isDone();
  }

  @Test
  void add_throttled_isSentAgainAtOnce() {
    CompletableFuture<Void> done = add("a");

    answer(Code.THROTTLEDOP);
    answer(Code.OK);

    assertThat(sent).containsExactly("a", "a");
    assertThat(done).isDone();
    assertThat(refusals).isEmpty();
  }

  @Test
  void add_refused_isSentAgainAfterThePauseAndReported() {
    CompletableFuture<Void> done = add("a");

    answer(Code.NOAUTH);
    time.advance(PAUSE);
    answer(Code.NOAUTH);
    time.advance(PAUSE);
    answer(Code.OK);

    assertThat(refusals).containsExactly("a NOAUTH new", "a NOAUTH");
    assertThat(sent).containsExactly("a", "a", "a");
    assertThat(done).isDone();
    assertThat(time.pending()).isZero();
  }

  @Test
  void onLost_pendingAndRefused_areDoneAndNotSentAgain() {
    CompletableFuture<Void> refused = add("a");
    answer(Code.NOAUTH);
    CompletableFuture<Void> unanswered = add("b");

    session.over = true;
    requests.onLost(session.handle);
    answer(Code.NOAUTH);
    time.advance(PAUSE);

    assertThat(refused).isDone();
    assertThat(unanswered).isDone();
    assertThat(add("c")).isDone();
    assertThat(sent).containsExactly("a", "b");
    assertThat(time.pending()).isZero();
  }

  @Test
  void onLost_otherSession_changesNothing() {
    CompletableFuture<Void> done = add("a");

    requests.onLost(new Session().handle);
    requests.onConnected(new Session().handle);

    assertThat(done).isNotDone();
    assertThat(sent).containsExactly("a");
  }

  @Test
  void whenSettled_refusedOnes_areNotWaitedFor() {
    add("a");
    answer(Code.NOAUTH);
    add("b");
    CompletableFuture<Void> settled = new CompletableFuture<>();
    requests.whenSettled(settled);
    assertThat(settled).isNotDone();

    answer(Code.OK);

    assertThat(settled).isDone();
    assertThat(requests.size()).isEqualTo(1);
  }
}
