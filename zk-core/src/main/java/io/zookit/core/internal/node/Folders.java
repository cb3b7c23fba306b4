package io.zookit.core.internal.node;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.ACL;

/**
 * The chain of folders above a node, outermost first.
 *
 * <p><i>Cost:</i> one round trip with a request for each folder, whether it exists or not; so it is used only after a
 * {@code NoNode}.
 */
public final class Folders {

  /** The access list is read when the folder is created, because the policy may have changed by then. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Folder(ZkPath path, byte[] data, CreateMode mode, Supplier<List<ACL>> acl) {}

  private static final byte[] NO_DATA = {};

  private final List<Folder> chain;

  private Folders(List<Folder> chain) {
    this.chain = chain;
  }

  /** An empty chain. */
  public static Folders none() {
    return new Folders(List.of());
  }

  /** The root and everything above it, persistent. */
  public static Folders root(NodeSpace space) {
    Folders folders = none();
    List<ZkPath> above = new ArrayList<>();
    for (ZkPath path = space.rootPath(); !path.isTop(); path = path.parent()) {
      above.add(0, path);
    }
    for (ZkPath path : above) {
      folders = folders.then(path, CreateMode.PERSISTENT, () -> space.acl(space.rootPath()));
    }
    return folders;
  }

  /** A chain with one more folder inside. */
  public Folders then(ZkPath path, CreateMode mode, Supplier<List<ACL>> acl) {
    return then(path, NO_DATA, mode, acl);
  }

  private Folders then(ZkPath path, byte[] data, CreateMode mode, Supplier<List<ACL>> acl) {
    List<Folder> longer = new ArrayList<>(chain);
    longer.add(new Folder(path, data, mode, acl));
    return new Folders(List.copyOf(longer));
  }

  /** A chain with one more persistent folder inside, with the access list that the client's policy says. */
  public Folders persistent(NodeSpace space, ZkPath path) {
    return then(path, CreateMode.PERSISTENT, () -> space.acl(path));
  }

  /** A chain with one more persistent folder inside, which holds these data if it has to be created. */
  public Folders persistent(NodeSpace space, ZkPath path, byte[] data) {
    return then(path, data, CreateMode.PERSISTENT, () -> space.acl(path));
  }

  /** A chain with one more folder inside, which ZooKeeper removes some time after its last child. */
  public Folders container(NodeSpace space, ZkPath path) {
    return then(path, CreateMode.CONTAINER, () -> space.acl(path));
  }

  /**
   * Operations that create the innermost folders, for a transaction that is refused if one of them exists.
   *
   * @param count how many folders, at most as many as there are
   */
  public List<Op> createInnermost(int count) {
    return chain.subList(chain.size() - count, chain.size()).stream()
        .map(folder -> Op.create(folder.path.value(), folder.data, folder.acl.get(), folder.mode))
        .toList();
  }

  /**
   * Creates the missing folders, in one flight.
   *
   * @param done receives {@code OK} if all exist, else the first code that says otherwise
   */
  public void ensure(SessionHandle handle, Consumer<Answer<Boolean>> done) {
    List<Answer<Boolean>> failures = new ArrayList<>();
    for (int i = 0; i < chain.size(); i++) {
      Folder folder = chain.get(i);
      boolean last = i == chain.size() - 1;
      handle.createFolder(folder.path, folder.data, folder.acl.get(), folder.mode, made -> {
        if (!made.isOk() && made.code() != Code.NODEEXISTS) {
          failures.add(made);
        }
        if (last) {
          done.accept(failures.isEmpty() || isThere(made) ? Answer.ok(true) : failures.get(0));
        }
      });
    }
  }

  /** Upper folders may be closed to this client; it suffices that the innermost exists. */
  private static boolean isThere(Answer<Boolean> innermost) {
    return innermost.isOk() || innermost.code() == Code.NODEEXISTS;
  }
}
