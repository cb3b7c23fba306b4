package io.zookit.id.internal.record;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.UnreadableDataException;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.id.IdMismatchException;
import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/**
 * The node with the record of a name, {@code ids/<name>}, and the nodes below it.
 */
public final class IdNode {

  /** The versions of nodes that may be the condition of a write: far from those where ZooKeeper's numbers turn negative. */
  public static final int VERSION_LIMIT = 1 << 30;

  private static final String FOLDER = "ids";
  private static final String COUNTER = "~n";

  private final String name;
  private final ZkPath path;
  private final Folders folders;

  /**
   * The node of a name.
   *
   * @param name a single element
   */
  public IdNode(CoreClient client, String name) {
    ZkPath folder = folder(client);
    this.name = ZkPath.requireName("name", name);
    this.path = folder.child(name);
    this.folders = Folders.root(client).persistent(client, folder);
  }

  /** The folder of all names. */
  public static ZkPath folder(CoreClient client) {
    return client.rootPath().own(FOLDER);
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** The path of the record. */
  public ZkPath path() {
    return path;
  }

  /** The path of the counter: empty, its version counts. */
  public ZkPath counter() {
    return path.own(COUNTER);
  }

  /** The folders above it. */
  public Folders folders() {
    return folders;
  }

  /** The operation that every transaction begins with: it refuses the transaction if the record has changed. */
  public Op check(SeenRecord seen) {
    return Op.check(path.value(), conditionOf(seen));
  }

  /** The operation that replaces the record, unless it has changed. */
  public Op replace(SeenRecord seen, IdRecord next) {
    return Op.setData(path.value(), IdRecord.CODEC.encode(next), conditionOf(seen));
  }

  /** Tells if a transaction that begins with the creation of a record was refused because the name exists. */
  public static boolean isExisting(Answer<List<OpResult>> answer) {
    return Multi.isRefusedAt(0, answer)
        && answer.code() != Code.NONODE
        && answer.code() != Code.NOAUTH;
  }

  private int conditionOf(SeenRecord seen) {
    int version = seen.version();
    if (version < 0 || version >= VERSION_LIMIT) {
      throw new UnreadableDataException(path + ": version " + version + " (expected: 0 to "
          + (VERSION_LIMIT - 1) + "); the record was not written by Zookit");
    }
    return version;
  }

  /**
   * Decodes what was read.
   *
   * @throws IdMismatchException if a newer version wrote it that this one must not guess at
   * @throws UnreadableDataException if it is damaged
   */
  public SeenRecord decode(SessionHandle.Node read) {
    Decoded<IdRecord> decoded = IdRecord.CODEC.decode(read.data());
    if (decoded instanceof Decoded.Value<IdRecord> value) {
      return new SeenRecord(value.value(), read.stat().getVersion(), read.stat().getCzxid());
    }
    if (decoded instanceof Decoded.TooNew<IdRecord> newer) {
      throw new IdMismatchException("ids " + name + ": format " + newer.version()
          + " needs a reader of format " + newer.minReader() + " (expected: 1)");
    }
    throw new UnreadableDataException(path + ": is not the record of a name: " + decoded);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
