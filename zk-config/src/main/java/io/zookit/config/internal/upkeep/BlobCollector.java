package io.zookit.config.internal.upkeep;

import io.zookit.config.ConfigStore;
import io.zookit.config.Namespace;
import io.zookit.config.internal.zk.ConfigPaths;
import io.zookit.config.internal.zk.NamespaceFolders;
import io.zookit.config.internal.zk.StoredConfigReader;
import io.zookit.core.internal.codec.UnreadableDataException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;

/**
 * Removes large contents that nothing refers to.
 *
 * <p>The versions of all blobs are read before any release is looked at, and a blob is deleted with the version it had:
 * a publish that begins to use one afterwards raises the version, and the delete fails. Versions begin at 0 with a new
 * node, so the blob must also be the very one that was read, and the delete is never sent twice: the second might meet
 * another.
 */
public final class BlobCollector {

  private static final Duration GRACE = Duration.ofHours(24);

  private final StoredConfigReader reader;
  private final Supplier<Instant> clock;

  public BlobCollector(StoredConfigReader reader, Supplier<Instant> clock) {
    this.reader = reader;
    this.clock = clock;
  }

  public List<String> collect(String env, boolean delete) throws InterruptedException {
    Map<String, Stat> old = old(env);
    Set<String> used = old.isEmpty() ? Set.of() : used(env);
    List<String> removed = new ArrayList<>();
    for (Map.Entry<String, Stat> blob : old.entrySet()) {
      boolean free = !used.contains(blob.getKey());
      if (free && (!delete || delete(env, blob.getKey(), blob.getValue()))) {
        removed.add(blob.getKey());
      }
    }
    return removed;
  }

  /** The blobs that were not touched for long, as they were. */
  public Map<String, Stat> old(String env) throws InterruptedException {
    Instant before = clock.get().minus(GRACE);
    Map<String, Stat> old = new LinkedHashMap<>();
    for (String sha256 : reader.calls().children(reader.paths().blobs(env))) {
      Optional<Stat> stat =
          reader.calls().read(reader.paths().blob(env, sha256)).map(node -> node.stat());
      if (stat.isPresent() && Instant.ofEpochMilli(stat.get().getMtime()).isBefore(before)) {
        old.put(sha256, stat.get());
      }
    }
    return old;
  }

  /** Looks at the releases of every folder, whatever its head is like. All of them must be readable. */
  private Set<String> used(String env) throws InterruptedException {
    Set<String> used = new HashSet<>();
    NamespaceFolders folders = new NamespaceFolders(reader);
    for (Namespace ns : folders.in(env)) {
      for (String name : releases(ns)) {
        int number = ConfigPaths.number(name).orElse(0);
        folders
            .tried(ns + " release " + number, () -> reader.release(ns, number))
            .flatMap(Function.identity())
            .map(stored -> stored.manifest().blob())
            .ifPresent(used::add);
      }
    }
    if (folders.isIncomplete()) {
      ConfigStore.Unreadable first = folders.unreadable().get(0);
      throw new UnreadableDataException("large contents of " + env
          + ": nobody knows which are in use, for " + first.name() + " cannot be read ("
          + first.reason() + ")");
    }
    return used;
  }

  private List<String> releases(Namespace ns) throws InterruptedException {
    return reader.calls().children(reader.paths().releases(ns));
  }

  /** Deletes a blob if it is as it was seen; false if it is not, and if it is not known whether it was deleted. */
  public boolean delete(String env, String sha256, Stat seen) throws InterruptedException {
    ZkPath folder = reader.paths().blob(env, sha256);
    List<Op> ops = new ArrayList<>();
    for (String piece : reader.calls().children(folder)) {
      ops.add(Op.delete(folder.own(piece).value(), -1));
    }
    ops.add(Op.delete(folder.value(), seen.getVersion()));
    Optional<Stat> now = reader.calls().read(folder).map(SessionHandle.Node::stat);
    if (now.isEmpty() || now.get().getCzxid() != seen.getCzxid()) {
      return false;
    }
    Answer<List<OpResult>> deleted =
        reader.calls().commitOnce(ops, reader.calls().deadline());
    boolean changed = switch (deleted.code()) {
      case BADVERSION, NOTEMPTY, NONODE -> true;
      default -> false;
    };
    if (changed || !deleted.isAnswered()) {
      return false;
    }
    reader.calls().require(folder, deleted);
    return true;
  }
}
