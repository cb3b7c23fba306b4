package io.zookit.lock;

import io.zookit.core.internal.session.Answer;
import java.util.List;
import java.util.function.Consumer;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher;
import org.jspecify.annotations.Nullable;

/** One request of a client, from sending to its answer. */
final class SimulatedRequest {

  enum Kind {
    READ,
    WRITE,
    SYNC,
    UNWATCH
  }

  /** What a server does for a read, from its own replica. */
  interface Read {

    Answer<Object> on(SimulatedServer server, SimulatedConnection from);
  }

  /** Watches that the client library keeps, or forgets, when this is answered. */
  record Interest(
      String path, SimulatedWatches.Kind kind, @Nullable Watcher watcher) {}

  private static final Read NONE = (server, from) -> Answer.ok(true);

  final Kind kind;
  final List<Op> operations;
  final Read read;
  final Consumer<Answer<Object>> reply;
  final @Nullable Interest interest;
  long sentAt;

  private SimulatedRequest(
      Kind kind,
      List<Op> operations,
      Read read,
      @Nullable Interest interest,
      Consumer<Answer<Object>> reply) {
    this.kind = kind;
    this.operations = operations;
    this.read = read;
    this.interest = interest;
    this.reply = reply;
  }

  static SimulatedRequest write(List<Op> operations, Consumer<Answer<Object>> reply) {
    return new SimulatedRequest(Kind.WRITE, operations, NONE, null, reply);
  }

  static SimulatedRequest read(
      @Nullable Interest interest, Read read, Consumer<Answer<Object>> reply) {
    return new SimulatedRequest(Kind.READ, List.of(), read, interest, reply);
  }

  static SimulatedRequest sync(Consumer<Answer<Object>> reply) {
    return new SimulatedRequest(Kind.SYNC, List.of(), NONE, null, reply);
  }

  static SimulatedRequest unwatch(Interest interest, Read read, Consumer<Answer<Object>> reply) {
    return new SimulatedRequest(Kind.UNWATCH, List.of(), read, interest, reply);
  }

  /** Whether a server answers it from its own replica. */
  boolean isRead() {
    return kind == Kind.READ || kind == Kind.UNWATCH;
  }
}
