package io.zookit.core.internal.access;

import io.zookit.core.AccessPolicy;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.WireHandle;
import java.util.HashSet;
import java.util.Set;
import org.apache.zookeeper.Watcher;
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
 * <p><i>Cost:</i> four requests in the flight of the greeting, one watch.
 */
public final class AccessKeeper {

  private static final Logger log = LoggerFactory.getLogger(AccessKeeper.class);

  /** One watcher a session: the client library keeps each it is given, and calls them all. */
  private record PolicyWatch(SessionHandle handle, Watcher watcher) {}

  private final ZkPath path;
  private final AccessLists lists;
  private final Set<String> reported = new HashSet<>();
  private AccessPolicy built;
  private boolean warns;
  private @Nullable PolicyWatch watching;

  /**
   * @param warns whether the user has set the policy of the lists and is to be warned if another one is in force
   */
  public AccessKeeper(ZkPath root, AccessLists lists, boolean warns) {
    this.path = pathBelow(root);
    this.lists = lists;
    this.built = lists.policy();
    this.warns = warns;
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
    StoredAccess.read(handle, path, watcher(handle), found -> {
      if (!handle.isOver()) {
        onFound(found);
      }
    });
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

  private Watcher watcher(SessionHandle handle) {
    PolicyWatch now = watching;
    if (now == null || now.handle != handle) {
      now = new PolicyWatch(handle, handle.watcher(event -> read(handle)));
      watching = now;
    }
    return now.watcher;
  }

  /** Removes the watcher from a session that continues without this client. */
  public void forget(WireHandle handle) {
    if (watching != null && watching.handle == handle) {
      handle.forget(path, watching.watcher);
      watching = null;
    }
  }
}
