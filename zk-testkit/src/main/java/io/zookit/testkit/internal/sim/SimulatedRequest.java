package io.zookit.testkit.internal.sim;

import io.zookit.core.internal.session.Answer;
import io.zookit.testkit.internal.sim.SimulatedTree.Decision;
import java.util.List;
import java.util.function.Consumer;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/** One request of a client, from sending to its answer. */
public final class SimulatedRequest {

  /** The ways a request is served. */
  public enum Kind {
    /** By the server that received it, from its own replica. */
    READ,
    /** By the leader. */
    WRITE,
    /** By the leader, which changes nothing. */
    SYNC,
    /** By the server that received it: watches are removed. */
    UNWATCH,
    /** By the leader: the session ends. */
    CLOSE
  }

  /** The decision of the leader about a write. */
  interface LeaderWrite {

    Decision on(SimulatedEnsemble leader, long session);
  }

  /** The part of a read that a server does with its own replica. */
  interface ReplicaRead {

    Answer<Object> on(SimulatedServer server, SimulatedConnection from);
  }

  /** Watches that the client library adds, or removes, when this is answered. */
  record WatchInterest(
      String path, WatchTable.Kind kind, @Nullable Watcher watcher) {}

  private static final ReplicaRead NO_READ = (server, from) -> Answer.ok(true);
  private static final LeaderWrite NO_WRITE = (leader, session) -> {
    throw new IllegalStateException("not a write");
  };

  final Kind kind;
  final List<Op> operations;
  final LeaderWrite write;
  final ReplicaRead read;
  final Consumer<Answer<Object>> reply;
  final List<WatchInterest> interests;

  private SimulatedRequest(
      Kind kind,
      List<Op> operations,
      LeaderWrite write,
      ReplicaRead read,
      List<WatchInterest> interests,
      Consumer<Answer<Object>> reply) {
    this.kind = kind;
    this.operations = operations;
    this.write = write;
    this.read = read;
    this.interests = interests;
    this.reply = reply;
  }

  static SimulatedRequest write(List<Op> operations, Consumer<Answer<Object>> reply) {
    LeaderWrite write = (leader, session) -> leader.decide(operations, session);
    return new SimulatedRequest(Kind.WRITE, operations, write, NO_READ, List.of(), reply);
  }

  static SimulatedRequest setAcl(
      String path, List<ACL> acl, int version, Consumer<Answer<Object>> reply) {
    LeaderWrite write = (leader, session) -> leader.tree().decideAcl(path, acl, version);
    return new SimulatedRequest(Kind.WRITE, List.of(), write, NO_READ, List.of(), reply);
  }

  static SimulatedRequest read(
      @Nullable WatchInterest interest, ReplicaRead read, Consumer<Answer<Object>> reply) {
    List<WatchInterest> interests = interest == null ? List.of() : List.of(interest);
    return new SimulatedRequest(Kind.READ, List.of(), NO_WRITE, read, interests, reply);
  }

  static SimulatedRequest multiRead(
      List<Op> operations, ReplicaRead read, Consumer<Answer<Object>> reply) {
    return new SimulatedRequest(Kind.READ, operations, NO_WRITE, read, List.of(), reply);
  }

  static SimulatedRequest sync(Consumer<Answer<Object>> reply) {
    return new SimulatedRequest(Kind.SYNC, List.of(), NO_WRITE, NO_READ, List.of(), reply);
  }

  static SimulatedRequest unwatch(
      List<WatchInterest> interests, ReplicaRead read, Consumer<Answer<Object>> reply) {
    return new SimulatedRequest(Kind.UNWATCH, List.of(), NO_WRITE, read, interests, reply);
  }

  static SimulatedRequest close(Consumer<Answer<Object>> reply) {
    return new SimulatedRequest(Kind.CLOSE, List.of(), NO_WRITE, NO_READ, List.of(), reply);
  }

  /** The way the request is served. */
  public Kind kind() {
    return kind;
  }

  /** The operations of a write or of a read of several nodes; empty for all other requests. */
  public List<Op> operations() {
    return operations;
  }

  /** Returns whether a server answers it from its own replica. */
  boolean isRead() {
    return kind == Kind.READ || kind == Kind.UNWATCH;
  }
}
