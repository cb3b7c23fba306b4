package io.zookit.config.internal.publish;

import io.zookit.config.internal.model.Digests;
import io.zookit.config.internal.model.PackedText;
import io.zookit.config.internal.zk.ConfigNodes;
import io.zookit.config.internal.zk.ConfigPaths;
import io.zookit.config.internal.zk.StoredConfigReader;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.Arrays;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;

/**
 * Large texts in pieces, called by their hash.
 *
 * <pre>
 *   blobs/&lt;sha256&gt;        empty; its version rises whenever a release begins to use it
 *   blobs/&lt;sha256&gt;/0 …    pieces of 512 KiB
 * </pre>
 *
 * <p>Pieces are written before the release that uses them, and again and again without harm. The release's transaction
 * touches the folder: if a collector has taken the blob meanwhile the transaction fails, and a collector that has looked
 * before the touch cannot delete any more.
 */
public final class Blobs {

  /** A text that is stored apart. */
  record Ref(String sha256, int chunks) {}

  private static final byte[] NOTHING = {};

  private final StoredConfigReader reader;
  private final ConfigNodes nodes;

  public Blobs(StoredConfigReader reader, ConfigNodes nodes) {
    this.reader = reader;
    this.nodes = nodes;
  }

  /** Writes what is missing. */
  Ref store(String env, byte[] packed) throws InterruptedException {
    ConfigPaths paths = reader.paths();
    String sha256 = Digests.sha256(packed);
    ZkPath folder = paths.blob(env, sha256);
    nodes.ensureBelow(env, paths.blobs(env), folder);
    int chunks = (packed.length + PackedText.CHUNK - 1) / PackedText.CHUNK;
    for (int i = 0; i < chunks; i++) {
      byte[] piece = Arrays.copyOfRange(
          packed, i * PackedText.CHUNK, Math.min(packed.length, (i + 1) * PackedText.CHUNK));
      write(paths.chunk(env, sha256, i), piece);
    }
    return new Ref(sha256, chunks);
  }

  /** Makes a transaction fail when the blob is gone, and a collector fail when the transaction was first. */
  Op touch(String env, String sha256) {
    return Op.setData(reader.paths().blob(env, sha256).value(), NOTHING, -1);
  }

  private void write(ZkPath path, byte[] piece) throws InterruptedException {
    Answer<SessionHandle.Created> made = nodes.create(path, piece);
    if (!made.isOk() && made.code() != Code.NODEEXISTS && made.code() != Code.NONODE) {
      throw KeeperErrors.of(made.code(), path);
    }
  }
}
