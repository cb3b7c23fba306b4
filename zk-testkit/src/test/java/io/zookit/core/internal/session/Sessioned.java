package io.zookit.core.internal.session;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Inside;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.node.OwnedNode;
import io.zookit.core.internal.path.ZkPath;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** The session a client has at one moment, for tests of the public side. Equal when it is the same session. */
public final class Sessioned {

  private final Inside inside;
  private final WireHandle handle;

  private Sessioned(Inside inside) {
    this.inside = inside;
    this.handle = inside.handle();
  }

  /** The session in use now. */
  public static Sessioned of(ZkClient client) {
    return new Sessioned(Inside.of(client));
  }

  /** Runs something where only the client's own code runs. */
  public static void doOnLoop(ZkClient client, Runnable action) {
    Inside.of(client).doOnLoop(action);
  }

  /** Wants an ephemeral node of that name below the root. */
  public static void own(ZkClient client, String name) {
    CoreClient core = CoreClient.of(client);
    doOnLoop(
        client,
        () -> core.ownedNodes()
            .own(
                Folders.root(core),
                incarnation -> core.rootPath().child(name),
                new byte[0],
                new OwnedNode.Listener() {
                  @Override
                  public void onOwned(ZkPath path, Stat stat) {}

                  @Override
                  public void onMissing(String reason) {}
                }));
  }

  /** A token of a grant made now. */
  public FencingToken token() {
    return inside.client.token(1, 0);
  }

  /** The library's handle. */
  public ZooKeeper zooKeeper() {
    return handle.zooKeeper();
  }

  /** Tells if what it owns may be trusted. */
  public boolean isSafe() {
    return handle.isSafe();
  }

  /** Tells if it is over. */
  public boolean isOver() {
    return handle.isOver();
  }

  /** Waits for one answer. */
  public void roundTrip() {
    inside.<Boolean>ask(handle, (session, reply) -> session.sync(inside.client.rootPath(), reply));
  }

  /** Watches the root for its next change. */
  public void watchRoot(Runnable heard) {
    inside.<Stat>ask(
        handle,
        (session, reply) ->
            session.exists(inside.client.rootPath(), session.watcher(event -> heard.run()), reply));
  }

  /** Adds a listener that fails each time it is called. */
  public void addFailingListener() {
    inside.client.onSessions(new SessionListener() {
      @Override
      public void onConnected(SessionHandle connected) {
        throw new IllegalStateException("on purpose");
      }

      @Override
      public void onSuspect(SessionHandle suspect) {
        throw new IllegalStateException("on purpose");
      }

      @Override
      public void onLost(SessionHandle lost) {
        throw new IllegalStateException("on purpose");
      }
    });
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Sessioned session && session.handle == handle;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(handle);
  }
}
