package io.zookit.lock.internal.queue;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.GuaranteedDeletes;
import io.zookit.core.internal.request.GuaranteedDeletes.CompanionExecuted;
import io.zookit.core.internal.request.GuaranteedDeletes.CompanionNotExecuted;
import io.zookit.core.internal.request.GuaranteedDeletes.CompanionOutcome;
import io.zookit.core.internal.request.GuaranteedDeletes.CompanionUnanswered;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;

/**
 * The requests that create the queue nodes of a lock request in one session: one node in each queue, all in one
 * transaction, so that all queues order any two requests alike.
 *
 * <p>For one queue there are three ways, of which {@link KnownQueues} chooses the one that is probably the cheapest:
 *
 * <pre>
 *   FRESH   the queue may not exist: multi(create lock, create queue, create node, write queue)
 *   SOLE    it was empty before:     multi(create node, write queue)
 *   LISTED  others were in it:       create node, list queue; both in one flight
 * </pre>
 *
 * <p>Directly behind a release of this process, the delete of the released node is in the same transaction ({@link
 * DelayedReleases}), like SOLE: multi(delete released node, create node, write queue).
 *
 * <p>The write changes nothing. Its stat has the number of the queue's children directly behind the create, which is 1 if
 * no other request is in the queue: then no listing is needed. Where the queue may not be written to, its requests are
 * LISTED. A queue that turns out to exist is SOLE after FRESH; a missing one is FRESH after SOLE.
 *
 * <p>The listings of several queues are sent behind the create in the same flight. Requests of a session are served in
 * order, so the listings contain the new nodes. If the answer to the create is lost, the nodes that the session owns tell
 * whether it was executed: the nodes' names begin with one that no other request ever has.
 *
 * <p>Decides nothing about the lock. Used on the loop.
 *
 * <p><i>Cost:</i> of a free lock one request in one round trip, which may include the release before it; of a lock that this process has not used before and that
 * exists, two.
 */
public final class NodeCreation {

  /** Result of a create. */
  sealed interface CreateResult {}

  /** Knowledge about other requests in the queue at the moment of the creation. */
  public enum Others {
    /** There were none, so no listing is needed. */
    NONE,
    /** There were some; the queue is to be listed. */
    SOME,
    /** A listing is under way. */
    LISTED
  }

  /** The nodes exist, in the order of the claims. */
  public record NodesCreated(List<ZkPath> paths, long czxid, Others others)
      implements CreateResult {}

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
    void onListed(NodeCreation creation, int claim, Answer<List<QueueEntry>> entries);
  }

  private static final byte[] NO_DATA = {};

  private final QueueClient queues;
  private final SessionHandle handle;
  private final List<Claim> claims;
  private final byte[] data;
  private final Listener listener;
  private final String name;
  private boolean wasFresh;

  NodeCreation(
      QueueClient queues,
      SessionHandle handle,
      List<Claim> claims,
      byte[] data,
      Listener listener) {
    this.queues = queues;
    this.handle = handle;
    this.claims = claims;
    this.data = data;
    this.listener = listener;
    this.name = queues.nextNodeName();
  }

  SessionHandle handle() {
    return handle;
  }

  /** Sends the create. May be repeated if nothing with this name exists. */
  void send() {
    DelayedReleases releases = queues.delayedReleases();
    if (claims.size() > 1) {
      claims.forEach(claim -> releases.send(claim.queue().path()));
      sendAll();
      return;
    }
    Claim claim = claims.get(0);
    releases
        .take(handle, claim.queue().path())
        .ifPresentOrElse(release -> sendWith(release, claim), () -> sendAlone(claim));
  }

  /** Creates the node in the transaction that deletes the one of the last request of this process. */
  private void sendWith(DelayedReleases.DelayedDelete release, Claim claim) {
    queues.delayedReleases().sendWith(release, new GuaranteedDeletes.Companion() {
      @Override
      public List<Op> operations() {
        return List.of(create(claim), write(claim));
      }

      @Override
      public void onOutcome(CompanionOutcome outcome) {
        if (outcome instanceof CompanionExecuted executed) {
          onCreatedInQueue(claim, 1, executed.answer());
        } else if (outcome instanceof CompanionUnanswered unanswered) {
          listener.onCreateResult(NodeCreation.this, unanswered(unanswered.sent()));
        } else if (outcome instanceof CompanionNotExecuted) {
          sendAlone(claim);
        } // a released node that cannot be deleted is in the queue, like that of another process
      }
    });
  }

  private void sendAlone(Claim claim) {
    switch (queues.knownQueues().of(claim.queue().path())) {
      case NONE -> sendFresh(claim);
      case ALONE -> sendSole(claim);
      case WITH_OTHERS, NOT_WRITABLE -> sendListed(claim);
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
      created.paths().forEach(path -> queues.remove(handle, path));
    } else if (outcome instanceof CreateUnanswered) {
      removeIfCreated();
    }
  }

  /** Deletes the nodes if the create whose answer was lost has created them. */
  void removeIfCreated() {
    claims.forEach(
        claim -> queues.removeIfCreated(handle, claim.queue().path(), claim.prefix(name)));
  }

  private void sendFresh(Claim claim) {
    wasFresh = true;
    List<Op> operations = new ArrayList<>(claim.queue().folders().createInnermost(2));
    int node = operations.size();
    operations.add(create(claim));
    operations.add(write(claim));
    handle.multi(operations, created -> {
      if (created.isOk()) {
        onCreatedInQueue(claim, node, created);
      } else if (created.isAnswered() && created.code() != Code.NONODE) {
        sendSole(claim); // the lock exists, or its folder may not be created by this client
      } else {
        if (created.code() == Code.NONODE) { // a folder further up; the next try is with folders
          queues.knownQueues().onSeen(claim.queue().path(), true);
        }
        listener.onCreateResult(this, notCreated(created));
      }
    });
  }

  private void sendSole(Claim claim) {
    ZkPath queue = claim.queue().path();
    handle.multi(List.of(create(claim), write(claim)), created -> {
      if (created.isOk()) {
        onCreatedInQueue(claim, 0, created);
      } else if (created.code() == Code.NONODE && !wasFresh) {
        queues.knownQueues().onMissing(queue);
        sendFresh(claim);
      } else if (created.isAnswered() && created.code() != Code.NONODE) {
        if (created.code() == Code.NOAUTH) {
          queues.knownQueues().onNotWritable(queue);
        }
        sendListed(claim);
      } else {
        listener.onCreateResult(this, notCreated(created));
      }
    });
  }

  /**
   * The node of a transaction whose last operation has written to the queue.
   *
   * @param node the index of the node
   */
  private void onCreatedInQueue(Claim claim, int node, Answer<List<OpResult>> created) {
    Stat queue = Multi.statAt(node + 1, created);
    boolean alone = queue.getNumChildren() == 1;
    queues.knownQueues().onSeen(claim.queue().path(), alone);
    listener.onCreateResult(
        this,
        new NodesCreated(
            List.of(new ZkPath(Multi.createdAt(node, created))),
            queue.getMzxid(),
            alone ? Others.NONE : Others.SOME));
  }

  private void sendListed(Claim claim) {
    ZkPath prefix = prefix(claim);
    handle.create(
        prefix,
        data,
        queues.client().acl(prefix),
        CreateMode.EPHEMERAL_SEQUENTIAL,
        created -> listener.onCreateResult(
            this,
            created.isOk()
                ? new NodesCreated(
                    List.of(created.get().path()), created.get().stat().getCzxid(), Others.LISTED)
                : notCreated(created)));
    queues.list(handle, claim.queue().path(), listed -> listener.onListed(this, 0, listed));
  }

  /**
   * Sends one multi for all nodes. Its results hold no stats on every supported server, so a write to the first folder,
   * whose data no client watches, brings the number of the transaction.
   */
  private void sendAll() {
    List<Op> operations = new ArrayList<>(claims.stream().map(this::create).toList());
    operations.add(write(claims.get(0)));
    handle.multi(
        operations,
        created -> listener.onCreateResult(
            this, created.isOk() ? allCreated(created) : notCreated(created)));
    List<String> paths =
        claims.stream().map(claim -> claim.queue().path().value()).toList();
    Multi.listChildren(handle, paths, listed -> {
      for (int i = 0; i < listed.size(); i++) {
        listener.onListed(this, i, QueueListings.parse(listed.get(i)));
      }
    });
  }

  private NodesCreated allCreated(Answer<List<OpResult>> created) {
    List<ZkPath> paths = new ArrayList<>();
    for (int i = 0; i < claims.size(); i++) {
      paths.add(new ZkPath(Multi.createdAt(i, created)));
    }
    return new NodesCreated(paths, Multi.statAt(claims.size(), created).getMzxid(), Others.LISTED);
  }

  private Op create(Claim claim) {
    ZkPath prefix = prefix(claim);
    return Op.create(
        prefix.value(), data, queues.client().acl(prefix), CreateMode.EPHEMERAL_SEQUENTIAL);
  }

  /** A write of what the queue holds anyhow. */
  private static Op write(Claim claim) {
    return Op.setData(claim.queue().path().value(), NO_DATA, -1);
  }

  private static CreateResult notCreated(Answer<?> answer) {
    if (answer.code() == Code.NONODE) {
      return new MissingFolder();
    } else if (answer.isAnswered()) {
      return new CreateRefused(answer.code());
    }
    return unanswered(answer.sent());
  }

  private static CreateResult unanswered(boolean sent) {
    return sent ? new CreateUnanswered() : new CreateNotSent();
  }

  private ZkPath prefix(Claim claim) {
    return claim.queue().path().own(claim.prefix(name));
  }

  private boolean isOf(Claim claim, ZkPath node) {
    return node.parent().equals(claim.queue().path()) && node.name().startsWith(claim.prefix(name));
  }
}
