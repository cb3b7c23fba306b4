package io.zookit.config.internal.zk;

import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.Timeouts;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.jspecify.annotations.Nullable;

/**
 * ZooKeeper for callers that wait: one request at a time, sent again while it is not answered, up to a limit.
 *
 * <p>Reads are behind a {@code sync}, so that they see all that was written before.
 */
public final class RepeatedCalls {

  private static final Backoff DELAYS = new Backoff(Duration.ofMillis(50), Duration.ofMillis(400));

  /** Makes one request on a handle. */
  public interface Request<T> extends BiConsumer<SessionHandle, Consumer<Answer<T>>> {}

  /** Makes a request about one node on a handle. */
  private interface PathRequest<T> {
    void send(SessionHandle handle, ZkPath path, Consumer<Answer<T>> reply);
  }

  private final CoreClient client;
  private final Duration timeout;

  /** The session in which a transaction was answered last: what it reads is not older. On the loop. */
  private @Nullable SessionHandle ordered;

  RepeatedCalls(CoreClient client, Duration timeout) {
    this.client = client;
    this.timeout = timeout;
  }

  /** The end of the caller's timeout, if the call begins now. */
  public long deadline() {
    return client.timekeeper().nanos() + Timeouts.nanos(timeout);
  }

  /** Tells if a call cannot succeed any more: its time is over, or its client is closed. */
  public boolean isOver(long deadline) {
    return client.isClosed() || client.timekeeper().nanos() - deadline >= 0;
  }

  public boolean isClosed() {
    return client.isClosed();
  }

  /** Sends a request once; an answer that does not come in time is none. */
  <T> Answer<T> once(Request<T> request, long deadline) throws InterruptedException {
    CompletableFuture<Answer<T>> answer = new CompletableFuture<>();
    client.loop().execute(() -> {
      Optional<SessionHandle> handle = client.handle();
      if (handle.isPresent()) {
        request.accept(handle.get(), answer::complete);
      } else {
        answer.complete(Answer.notSent());
      }
    });
    Duration left = Duration.ofNanos(Math.max(0, deadline - client.timekeeper().nanos()));
    try {
      return BlockingCalls.await(answer, left, "a request", BlockingCalls.Effect.UNKNOWN);
    } catch (ZkUnavailableException e) {
      return Answer.of(Code.REQUESTTIMEOUT);
    }
  }

  /** Sends a transaction once. */
  public Answer<List<OpResult>> commitOnce(List<Op> ops, long deadline)
      throws InterruptedException {
    return once(
        (handle, reply) -> handle.multi(ops, answer -> {
          if (answer.isAnswered()) {
            ordered = handle;
          }
          reply.accept(answer);
        }),
        deadline);
  }

  /**
   * Sends a request that may be sent twice until it is answered.
   *
   * @throws ZkUnavailableException if it is not in time
   */
  public <T> Answer<T> ask(ZkPath about, Request<T> request) throws InterruptedException {
    long deadline = deadline();
    for (int failures = 0; ; failures++) {
      Answer<T> answer = once(request, deadline);
      if (answer.isAnswered() || answer.code() == Code.AUTHFAILED) {
        return answer;
      }
      if (isOver(deadline)) {
        throw new ZkUnavailableException(about
            + (client.isClosed()
                ? ": the client is closed"
                : ": no answer from ZooKeeper within " + timeout)
            + "; nothing was changed");
      }
      pauseAfter(failures);
    }
  }

  /** Reads a node; empty when it is not there. */
  public Optional<SessionHandle.Node> read(ZkPath path) throws InterruptedException {
    return optional(path, ask(path, (handle, reply) -> {
      handle.sync(path, synced -> {});
      handle.getData(path, null, reply);
    }));
  }

  /** Reads nodes in one round trip, as they are now; what is not there is empty. */
  public List<Optional<SessionHandle.Node>> readAll(List<ZkPath> paths)
      throws InterruptedException {
    return readAll(paths, false);
  }

  /**
   * Reads nodes in one round trip; what is not there is empty.
   *
   * @param afterOwn as they were after a transaction of the caller, refused or not: whatever ordered it is behind us in
   *     the same session already. Else as they are now, after one {@code sync}
   */
  public List<Optional<SessionHandle.Node>> readAll(List<ZkPath> paths, boolean afterOwn)
      throws InterruptedException {
    List<Answer<SessionHandle.Node>> nodes = readEach(paths, afterOwn);
    List<Optional<SessionHandle.Node>> read = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      read.add(optional(paths.get(i), nodes.get(i)));
    }
    return read;
  }

  /** Reads nodes in one round trip, as they are now: an answer for each, a refusal too. */
  public List<Answer<SessionHandle.Node>> readEach(List<ZkPath> paths) throws InterruptedException {
    return readEach(paths, false);
  }

  private List<Answer<SessionHandle.Node>> readEach(List<ZkPath> paths, boolean afterOwn)
      throws InterruptedException {
    return together(paths, afterOwn, (handle, path, reply) -> handle.getData(path, null, reply));
  }

  /** Lists the children of nodes in one round trip: an answer for each, a refusal too. */
  List<Answer<List<String>>> listEach(List<ZkPath> paths) throws InterruptedException {
    return together(paths, false, SessionHandle::list);
  }

  /** Sends a request for each path without waiting in between; ZooKeeper answers them in order. */
  private <T> List<Answer<T>> together(List<ZkPath> paths, boolean afterOwn, PathRequest<T> request)
      throws InterruptedException {
    ZkPath first = paths.get(0);
    return require(first, this.<List<Answer<T>>>ask(first, (handle, reply) -> {
      if (!afterOwn || !handle.equals(ordered)) {
        handle.sync(first, synced -> {});
      }
      List<Answer<T>> answers = new ArrayList<>();
      for (ZkPath path : paths) {
        request.send(handle, path, answer -> {
          answers.add(answer);
          if (answers.size() == paths.size()) {
            reply.accept(all(answers));
          }
        });
      }
    }));
  }

  /** Several answers as one, which is none when one of them is missing. */
  private static <T> Answer<List<Answer<T>>> all(List<Answer<T>> answers) {
    return answers.stream()
        .filter(each -> !each.isAnswered())
        .findFirst()
        .map(lost -> Answer.<List<Answer<T>>>of(lost.code()))
        .orElseGet(() -> Answer.ok(answers));
  }

  /** Reads a node that never changes: it needs no sync once it exists. */
  Optional<SessionHandle.Node> readImmutable(ZkPath path) throws InterruptedException {
    Answer<SessionHandle.Node> read =
        ask(path, (handle, reply) -> handle.getData(path, null, reply));
    return read.code() == Code.NONODE ? read(path) : optional(path, read);
  }

  /** Lists children; empty when there are none or no parent. */
  public List<String> children(ZkPath path) throws InterruptedException {
    return optional(path, this.<List<String>>ask(path, (handle, reply) -> {
          handle.sync(path, synced -> {});
          handle.list(path, reply);
        }))
        .orElse(List.of());
  }

  /** Makes folders that may be there. */
  void ensure(Folders folders, ZkPath innermost) throws InterruptedException {
    require(innermost, ask(innermost, folders::ensure));
  }

  /** The value of an answer; throws what the code means when there is none. */
  public <T> T require(ZkPath path, Answer<T> answer) {
    if (answer.isOk()) {
      return answer.get();
    }
    throw KeeperErrors.of(answer.code(), path);
  }

  /** Waits before a request is sent again that failed some times in a row before the last one. */
  public void pauseAfter(int failures) throws InterruptedException {
    pause(DELAYS.delay(failures));
  }

  /** Waits for a time. */
  public void pause(Duration time) throws InterruptedException {
    client.timekeeper().sleep(time);
  }

  private <T> Optional<T> optional(ZkPath path, Answer<T> answer) {
    return answer.code() == Code.NONODE ? Optional.empty() : Optional.of(require(path, answer));
  }
}
