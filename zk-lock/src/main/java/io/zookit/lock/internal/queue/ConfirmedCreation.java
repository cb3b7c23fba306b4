package io.zookit.lock.internal.queue;

import io.zookit.core.ZkException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.List;
import java.util.Set;
import org.apache.zookeeper.KeeperException.Code;

/**
 * Creates the queue nodes of a lock request in one session, until it is certain that they exist or do not: with their
 * folders where those are missing, and after a lost answer by what the session owns. Used on the loop.
 *
 * <pre>
 *   CreateSent ──created──► NodesExist
 *    ▲   ▲  │ │              ▲    └ refused, or not sent: CreationEnded
 *    │   └──┼─┘ folder missing: create both, once more
 *    │      ▼ answer lost    │
 *    │     CreateLost ───────┘ the session owns the nodes
 *    └──────┘ it does not
 * </pre>
 */
public final class ConfirmedCreation implements NodeCreation.Listener {

  /** Receives the result, on the loop; nothing after {@link #withdraw}. */
  public interface Listener {

    /** The nodes exist. Nothing follows but the listings, if any are under way. */
    void onCreated(ConfirmedCreation creation, NodeCreation.NodesCreated created);

    /** The queue of a claim was listed behind the create. */
    void onListed(int claim, Answer<List<QueueEntry>> entries);

    /** The answer was lost. The result follows after the next {@link #onVerified}. */
    void onUnanswered();

    /** The session is not connected, and nothing was created. Nothing follows. */
    void onNotSent();

    /** The nodes cannot be created. Nothing follows. */
    void onFailed(ZkException reason);
  }

  private sealed interface State {}

  private record CreateSent(NodeCreation creation, int folderTries) implements State {}

  private record CreateLost(NodeCreation creation) implements State {}

  /** The listings of this create count, and of no other. */
  private record NodesExist(NodeCreation creation) implements State {}

  private record CreationEnded() implements State {}

  private static final CreationEnded ENDED = new CreationEnded();

  /** A folder may be removed between any two requests, so it is created more than once. */
  private static final int MOST_REMOVALS = 100;

  private final QueueClient queues;
  private final SessionHandle handle;
  private final List<Claim> claims;
  private final byte[] data;
  private final Listener listener;
  private State state = ENDED;

  /**
   * Creates a creation that has not begun.
   *
   * @param data of the nodes
   */
  public ConfirmedCreation(
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
  }

  /** Returns the session. */
  public SessionHandle handle() {
    return handle;
  }

  /** Sends the create. */
  public void begin() {
    send(new CreateSent(newCreation(), 0));
  }

  private NodeCreation newCreation() {
    return new NodeCreation(queues, handle, claims, data, this);
  }

  private void send(CreateSent sent) {
    state = sent;
    sent.creation.send();
  }

  /** Ends it. Nodes that were or may have been created are deleted, except for those that were reported. */
  public void withdraw() {
    if (state instanceof CreateLost lost) {
      lost.creation.removeIfCreated();
    }
    state = ENDED;
  }

  @Override
  public void onCreateResult(NodeCreation creation, NodeCreation.CreateResult result) {
    if (!(state instanceof CreateSent sent && sent.creation == creation)) {
      creation.undo(result);
    } else if (result instanceof NodeCreation.NodesCreated created) {
      state = new NodesExist(creation);
      listener.onCreated(this, created);
    } else if (result instanceof NodeCreation.MissingFolder) {
      createFolders(sent);
    } else if (result instanceof NodeCreation.CreateUnanswered) {
      state = new CreateLost(creation);
      listener.onUnanswered();
    } else if (result instanceof NodeCreation.CreateRefused refused) {
      fail(refused.code());
    } else {
      state = ENDED;
      listener.onNotSent();
    }
  }

  /** A listing counts only behind a create that was answered. */
  @Override
  public void onListed(NodeCreation creation, int claim, Answer<List<QueueEntry>> entries) {
    if (state instanceof NodesExist created && created.creation == creation) {
      listener.onListed(claim, entries);
    }
  }

  private void createFolders(CreateSent sent) {
    int tries = sent.folderTries + 1;
    sent.creation.createFolders(ready -> {
      boolean removed = ready.isOk() || ready.code() == Code.NONODE;
      if (state instanceof CreateSent now
          && now.creation == sent.creation
          && ready.isAnswered()
          && tries > (removed ? MOST_REMOVALS : 1)) {
        fail(ready.code());
      }
    });
    send(new CreateSent(sent.creation, tries));
  }

  private void fail(Code code) {
    state = ENDED;
    listener.onFailed(KeeperErrors.of(code, claims.get(0).queue().path()));
  }

  /**
   * Compares with the nodes that the session owns, after a lost answer: the nodes exist completely, or they are created
   * again.
   */
  public void onVerified(Set<ZkPath> owned) {
    if (!(state instanceof CreateLost lost)) {
      return;
    }
    List<ZkPath> paths = lost.creation.ownAmong(owned);
    if (paths.size() < claims.size()) {
      createAgain(lost, paths);
      return;
    }
    handle.exists(paths.get(0), null, read -> {
      if (state != lost || !read.isAnswered()) {
        return;
      }
      if (read.isOk()) {
        state = new NodesExist(lost.creation);
        listener.onCreated(
            this,
            new NodeCreation.NodesCreated(paths, read.get().getCzxid(), NodeCreation.Others.SOME));
      } else {
        createAgain(lost, paths);
      }
    });
  }

  /**
   * An operator has removed some of the nodes, or none was created. The rest goes before new ones are created, with another
   * name, because a server may refuse to delete the rest.
   */
  private void createAgain(CreateLost lost, List<ZkPath> rest) {
    rest.forEach(path -> queues.remove(handle, path));
    send(new CreateSent(rest.isEmpty() ? lost.creation : newCreation(), 0));
  }
}
