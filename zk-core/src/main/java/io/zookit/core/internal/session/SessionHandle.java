package io.zookit.core.internal.session;

import io.zookit.core.internal.path.ZkPath;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * ZooKeeper's raw asynchronous client, bound to one session.
 *
 * <p>Requests are made on the client's loop and answered on it. Those of one handle are served in the order they were
 * made, so several may be under way at once (pipelining): a listing made after a create contains what was created.
 *
 * <p><i>Failure:</i> nothing is sent while the session is not connected; the answer is then {@link Answer#notSent}. When
 * the session is over every request is answered with {@code SESSIONEXPIRED}. Nothing is retried here.
 *
 * <p>The deadline is the send time of the newest answered request plus the negotiated timeout. Events do not move it.
 */
public interface SessionHandle {

  /** The answer to a create. */
  record Created(ZkPath path, Stat stat) {}

  /** A node's data with its stat. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Node(byte[] data, Stat stat) {}

  /** A node's children with the node's own stat. */
  record Children(List<String> names, Stat stat) {}

  /** A node's access list with the node's stat. */
  record AccessList(List<ACL> entries, Stat stat) {}

  /** Tells if requests are sent. */
  boolean isConnected();

  /** Tells if the session has ended, which is final. */
  boolean isOver();

  /**
   * Tells if this process may rely on the nodes of the session: it is connected, and a request was answered within the
   * timeout.
   */
  boolean isSafe();

  /** Nanoseconds until the deadline; zero or less when it is over. */
  long remaining();

  /** The negotiated session timeout. */
  Duration timeout();

  /** Tells if this session created the ephemeral node with that stat. */
  boolean owns(Stat stat);

  /** Creates a node. */
  void create(
      ZkPath path, byte[] data, List<ACL> acl, CreateMode mode, Consumer<Answer<Created>> reply);

  /** Creates a node, and answers only whether it exists. */
  void createFolder(
      ZkPath path, byte[] data, List<ACL> acl, CreateMode mode, Consumer<Answer<Boolean>> reply);

  /** Deletes a node; version −1 is any. */
  void delete(ZkPath path, int version, Consumer<Answer<Boolean>> reply);

  /** Replaces a node's data; version −1 is any. */
  void setData(ZkPath path, byte[] data, int version, Consumer<Answer<Stat>> reply);

  /** Reads a node; the watch is set only if the node exists. */
  void getData(ZkPath path, @Nullable Watcher watch, Consumer<Answer<Node>> reply);

  /** Reads a node's stat; the watch is set whether the node exists or not. */
  void exists(ZkPath path, @Nullable Watcher watch, Consumer<Answer<Stat>> reply);

  /** Lists children without the parent's stat. */
  void list(ZkPath path, Consumer<Answer<List<String>>> reply);

  /** Lists children with the parent's stat. */
  void getChildren(ZkPath path, @Nullable Watcher watch, Consumer<Answer<Children>> reply);

  /** Reads a node's access list; without {@code ADMIN} the hashes of digest users are hidden. */
  void getAcl(ZkPath path, Consumer<Answer<AccessList>> reply);

  /** Replaces a node's access list, whatever its version. */
  void setAcl(ZkPath path, List<ACL> acl, Consumer<Answer<Boolean>> reply);

  /**
   * Runs operations all or nothing ({@code Op.create(path, data, CreateOptions)} answers with stats), or reads several
   * nodes at once, each with a result of its own.
   */
  void multi(List<Op> operations, Consumer<Answer<List<OpResult>>> reply);

  /** Waits for the server to have everything the leader had when this was sent. */
  void sync(ZkPath path, Consumer<Answer<Boolean>> reply);

  /** All ephemeral nodes of this session below the chroot of the connection. */
  void getEphemerals(Consumer<Answer<Set<ZkPath>>> reply);

  /** Adds a watch that stays; answered with {@code UNIMPLEMENTED} by a server that has none. */
  void addWatch(ZkPath path, Watcher watch, AddWatchMode mode, Consumer<Answer<Boolean>> reply);

  /**
   * Tells if others may have set watches over the same connection: other clients, or the application that lends it.
   * Their watches are unknown.
   */
  boolean isShared();

  /**
   * Removes a watcher from a node. On a connection that is not shared every watcher of the node and kind is removed, and
   * the watch at the server with them; while disconnected only here. On a shared one the watch at the server stays until
   * it fires or the connection ends, because it may be that of another.
   */
  void removeWatch(
      ZkPath path, Watcher.WatcherType kind, Watcher watcher, Consumer<Answer<Boolean>> reply);

  /**
   * Creates a watcher that receives events of nodes only, on the loop. A watch that did not outlive a handle of the client
   * library is reported as {@code DataWatchRemoved}, whatever its kind and path, when the session is connected again: it
   * is to be set again, and what has changed meanwhile is to be read.
   */
  Watcher watcher(Consumer<WatchedEvent> heard);
}
