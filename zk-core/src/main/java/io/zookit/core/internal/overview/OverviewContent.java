package io.zookit.core.internal.overview;

import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.EventType;

/**
 * Content of a folder as a {@link FolderOverview} shows it, and the way to read it. Confined to the loop.
 *
 * @param <T> the value that is shown; immutable
 */
public interface OverviewContent<T> {

  /**
   * Notes that a node may have changed.
   *
   * @param below its path below the folder; empty for the folder itself
   * @param change created, changed, deleted, or its children changed
   */
  void invalidate(String below, EventType change);

  /** Notes that everything may have changed. */
  void invalidateAll();

  /** Tells if something is to be read. */
  boolean isInvalid();

  /**
   * Reads what is invalid, and no longer takes it as such.
   *
   * @param scope of the connection; what is answered after its end is ignored
   * @param done receives {@code OK} when everything was read; another code ends the read, and everything is to be read again
   */
  void read(SessionHandle handle, Scope scope, Consumer<Code> done);

  /** Returns what was read. */
  T value();

  /** Returns the time at which the value changes although nothing is written, if there is such a time. */
  default Optional<Instant> nextChange() {
    return Optional.empty();
  }

  /** Returns the pause between two reads of everything where no watch can be set. */
  default Duration pollInterval() {
    return Duration.ofSeconds(5);
  }

  /** Forgets what was read. */
  void clear();

  /** Sends a request, which is answered once. */
  interface OverviewRequest<K, A> {
    void send(K key, Consumer<Answer<A>> reply);
  }

  /**
   * Sends a request for each key without waiting in between.
   *
   * <p>They are not put into one request: a damaged node that is too large for a packet together with others would end the
   * connection.
   *
   * @param reply receives the answers in the order of the keys, at once if there are no keys
   * @param failed receives the code if one is not answered
   */
  static <K, A> void sendEach(
      List<K> keys,
      Scope scope,
      OverviewRequest<K, A> request,
      Consumer<List<Answer<A>>> reply,
      Consumer<Code> failed) {
    List<Answer<A>> answers = new ArrayList<>(keys.size());
    if (keys.isEmpty()) {
      reply.accept(answers);
      return;
    }
    Scope flight = scope.child();
    Consumer<Answer<A>> each = flight.wrap((Answer<A> answer) -> {
      if (!answer.isAnswered()) {
        flight.close();
        failed.accept(answer.code());
        return;
      }
      answers.add(answer);
      if (answers.size() == keys.size()) {
        flight.close();
        reply.accept(answers);
      }
    });
    keys.forEach(key -> request.send(key, each));
  }
}
