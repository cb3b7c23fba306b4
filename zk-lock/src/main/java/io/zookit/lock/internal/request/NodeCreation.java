package io.zookit.lock.internal.request;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.rule.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/**
 * The requests that create the queue nodes of a lock request in one session: one node in each queue, all in one
 * transaction, so that all queues order any two requests alike.
 *
 * <p>The listings of all queues are sent behind the create in the same flight. Requests of a session are served in order,
 * so the listings contain the new nodes. If the answer to the create is lost, the nodes that the session owns tell
 * whether it was executed: the nodes' names begin with one that no other request ever has.
 *
 * <p>Decides nothing and keeps no state but the name. Used on the loop.
 */
final class NodeCreation {

  /** Result of a create. */
  sealed interface CreateResult {}

  /** The nodes exist, in the order of the claims. */
  record NodesCreated(List<ZkPath> paths, long czxid) implements CreateResult {}

  /** A folder is missing; nothing was created. */
  record MissingFolder() implements CreateResult {}

  /** The answer was lost; the nodes may exist. */
  record CreateUnanswered() implements CreateResult {}

  /** The create was not sent, because the session is not connected. */
  record CreateNotSent() implements CreateResult {}

  /** ZooKeeper refused to create the nodes. */
  record CreateRefused(Code code) implements CreateResult {}

  /** Receives the answers, on the loop. */
  interface Listener {

    /** The create was answered, or is not going to be. */
    void onCreateResult(NodeCreation creation, CreateResult outcome);

    /** The queue of a claim was listed behind the create. */
    void onListed(NodeCreation creation, int claim, Answer<List<String>> names);
  }

  private final LockEngine engine;
  private final SessionHandle handle;
  private final List<Claim> claims;
  private final byte[] data;
  private final Listener listener;
  private final String name;

  NodeCreation(
      LockEngine engine, SessionHandle handle, List<Claim> claims, byte[] data, Listener listener) {
    this.engine = engine;
    this.handle = handle;
    this.claims = claims;
    this.data = data;
    this.listener = listener;
    this.name = engine.nextNodeName();
  }

  SessionHandle handle() {
    return handle;
  }

  /** Sends the create and the listings. May be repeated if nothing with this name exists. */
  void send() {
    if (claims.size() == 1) {
      sendOne(claims.get(0));
    } else {
      sendAll();
    }
  }

  /** Creates the folders of all queues, in one flight; {@code done} is called for each queue. */
  void createFolders(Consumer<Answer<Boolean>> done) {
    claims.forEach(claim -> claim.queue().folders().ensure(handle, done));
  }

  /** Selects the nodes of this creation among nodes of the session, in the order of the claims. */
  List<ZkPath> ownAmong(Set<ZkPath> nodes) {
    List<ZkPath> own = new ArrayList<>();
    for (Claim claim : claims) {
      nodes.stream().filter(node -> isOf(claim, node)).findFirst().ifPresent(own::add);
    }
    return own;
  }

  /** Deletes what a create that is no longer wanted has left or may have left. */
  void undo(CreateResult outcome) {
    if (outcome instanceof NodesCreated created) {
      created.paths().forEach(path -> engine.remove(handle, path));
    } else if (outcome instanceof CreateUnanswered) {
      removeIfCreated();
    }
  }

  /** Deletes the nodes if the create whose answer was lost has created them. */
  void removeIfCreated() {
    claims.forEach(
        claim -> engine.removeIfCreated(handle, claim.queue().path(), claim.prefix(name)));
  }

  private void sendOne(Claim claim) {
    ZkPath prefix = prefix(claim);
    handle.create(
        prefix,
        data,
        engine.client().acl(prefix),
        CreateMode.EPHEMERAL_SEQUENTIAL,
        created -> listener.onCreateResult(
            this,
            created.isOk()
                ? new NodesCreated(
                    List.of(created.get().path()), created.get().stat().getCzxid())
                : notCreated(created)));
    handle.list(claim.queue().path(), listed -> listener.onListed(this, 0, listed));
  }

  /**
   * Sends one multi for all nodes. Its results hold no stats on every supported server, so a write to the first folder,
   * whose data no client watches, brings the number of the transaction.
   */
  private void sendAll() {
    List<Op> creates = new ArrayList<>();
    List<Op> lists = new ArrayList<>();
    for (Claim claim : claims) {
      ZkPath prefix = prefix(claim);
      creates.add(Op.create(
          prefix.value(), data, engine.client().acl(prefix), CreateMode.EPHEMERAL_SEQUENTIAL));
      lists.add(Op.getChildren(claim.queue().path().value()));
    }
    creates.add(Op.setData(claims.get(0).queue().path().value(), new byte[0], -1));
    handle.multi(
        creates,
        created -> listener.onCreateResult(
            this, created.isOk() ? created(created.get()) : notCreated(created)));
    handle.multi(lists, this::onMultiListed);
  }

  private static NodesCreated created(List<OpResult> results) {
    List<ZkPath> paths = new ArrayList<>();
    long czxid = 0;
    for (OpResult result : results) {
      if (result instanceof OpResult.CreateResult created) {
        paths.add(new ZkPath(created.getPath()));
      } else if (result instanceof OpResult.SetDataResult set) {
        czxid = set.getStat().getMzxid();
      }
    }
    return new NodesCreated(paths, czxid);
  }

  private static CreateResult notCreated(Answer<?> answer) {
    if (answer.code() == Code.NONODE) {
      return new MissingFolder();
    } else if (answer.isAnswered()) {
      return new CreateRefused(answer.code());
    }
    return answer.sent() ? new CreateUnanswered() : new CreateNotSent();
  }

  /** A multi of reads has a result for each, also if some nodes could not be read. */
  private void onMultiListed(Answer<List<OpResult>> listed) {
    List<OpResult> results = listed.value();
    for (int i = 0; i < claims.size(); i++) {
      Answer<List<String>> names = Answer.of(Code.SYSTEMERROR);
      if (results == null || results.size() <= i) {
        names = new Answer<>(listed.code(), null, listed.sent());
      } else if (results.get(i) instanceof OpResult.GetChildrenResult children) {
        names = Answer.ok(children.getChildren());
      } else if (results.get(i) instanceof OpResult.ErrorResult error) {
        names = Answer.of(Code.get(error.getErr()));
      }
      listener.onListed(this, i, names);
    }
  }

  private ZkPath prefix(Claim claim) {
    return claim.queue().path().own(claim.prefix(name));
  }

  private boolean isOf(Claim claim, ZkPath node) {
    return node.parent().equals(claim.queue().path()) && node.name().startsWith(claim.prefix(name));
  }
}
