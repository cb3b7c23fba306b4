package io.zookit.core.internal.access;

import io.zookit.core.AccessPolicy;
import io.zookit.core.internal.node.NodeFollower;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionSource;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the access policy that is stored in ZooKeeper, from which all access lists are taken.
 *
 * <pre>
 *   /&lt;root&gt;/~access   PERSISTENT: which identities play which role; only the admin may write it
 * </pre>
 *
 * <p>It is read at every connect, before anything of this client can be sent in that session, and at every change. It
 * wins over the policy that the client was built with, which applies while none is stored. A node that others than its
 * own admins may change, or that cannot be read, is ignored: the policy that was in force stays.
 *
 * <p>All state is used on the loop.
 *
 * <p><i>Cost:</i> three requests in the flight of the greeting, one more while no policy is stored; one watch.
 */
public final class AccessKeeper {

  private static final Logger log = LoggerFactory.getLogger(AccessKeeper.class);

  private final ZkPath path;
  private final AccessLists lists;
  private final Set<String> reported = new HashSet<>();
  private AccessPolicy built;
  private boolean warns;
  private final NodeFollower<SessionHandle.Node> follower;
  private @Nullable SessionHandle session;
  private Answer<SessionHandle.AccessList> list = Answer.notSent();

  /**
   * Creates a keeper of the policy below a root.
   *
   * @param warns whether the user has set the policy of the lists and is to be warned if another one is in force
   */
  public AccessKeeper(SessionSource client, ZkPath root, AccessLists lists, boolean warns) {
    this.path = pathBelow(root);
    this.lists = lists;
    this.built = lists.policy();
    this.warns = warns;
    this.follower = NodeFollower.ofUnsharedData(client, path, this::onRead).before(this::readList);
  }

  static ZkPath pathBelow(ZkPath root) {
    return root.own("~access");
  }

  public AccessLists lists() {
    return lists;
  }

  /** Replaces the policy that applies while none is stored. On the loop. */
  public void takeBuilt(AccessPolicy policy) {
    boolean inForce = lists.policy().equals(built);
    built = policy;
    if (inForce) {
      lists.follow(policy);
    }
  }

  /** Reads the stored policy and puts it into force. On the loop. */
  public void read(SessionHandle handle) {
    follower.onConnected(handle);
  }

  /** Reads the list in front of each read of the policy. */
  private void readList(SessionHandle handle) {
    session = handle;
    handle.sync(path, synced -> {});
    handle.getAcl(path, read -> list = read);
  }

  private void onRead(Answer<SessionHandle.Node> policy) {
    StoredAccess.of(policy, list)
        .ifPresentOrElse(this::onFound, () -> read(Objects.requireNonNull(session)));
  }

  private void onFound(StoredAccess found) {
    if (found instanceof StoredAccess.Trusted stored) {
      take(stored.policy());
    } else if (found instanceof StoredAccess.None) {
      take(built);
    } else if (found instanceof StoredAccess.IgnoredPolicy ignored) {
      report(ignored.reason());
    } else if (found instanceof StoredAccess.Hidden hidden && hidden.isAnswered()) {
      report("it cannot be read (" + hidden.code() + ")");
    }
  }

  private void take(AccessPolicy policy) {
    reported.clear();
    if (policy.equals(lists.policy())) {
      return;
    }
    lists.follow(policy);
    if (warns && !policy.equals(built)) {
      warns = false;
      log.warn(
          "{}: differs from the policy this client was built with; the stored one is in force",
          path);
    } else {
      log.info("{}: {} is in force", path, policy);
    }
  }

  private void report(String reason) {
    if (reported.add(reason)) {
      log.error("{}: {}; it is not obeyed, {} stays in force", path, reason, lists.policy());
    }
  }

  /** Removes the watcher from a session that continues without this client. */
  public void forget() {
    follower.close();
  }
}
