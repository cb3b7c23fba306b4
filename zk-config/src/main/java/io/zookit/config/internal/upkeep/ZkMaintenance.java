package io.zookit.config.internal.upkeep;

import io.zookit.config.Change;
import io.zookit.config.Maintenance;
import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import io.zookit.config.internal.head.HeadTransactions;
import io.zookit.config.internal.head.NamespaceAdmin;
import io.zookit.config.internal.zk.ConfigPaths;
import io.zookit.config.internal.zk.StoreAccess;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import org.apache.zookeeper.KeeperException.Code;

/** Keeps the store in order. */
public final class ZkMaintenance implements Maintenance {

  private final StoreAccess access;
  private final HeadTransactions transitions;
  private final NamespaceAdmin namespaces;
  private final Retention retention;
  private final BlobCollector blobs;

  public ZkMaintenance(
      StoreAccess access, HeadTransactions transitions, NamespaceAdmin namespaces) {
    this.access = access;
    this.transitions = transitions;
    this.namespaces = namespaces;
    this.retention = new Retention(access.reader(), transitions, access.clock());
    this.blobs = new BlobCollector(access.reader(), access.clock());
  }

  @Override
  public List<Integer> removable(Namespace ns) throws InterruptedException {
    return retention.removable(ns);
  }

  @Override
  public List<Integer> collect(Namespace ns, Change change) throws InterruptedException {
    return retention.collect(ns, change);
  }

  @Override
  public List<String> removableBlobs(String env) throws InterruptedException {
    return blobs.collect(env, false);
  }

  @Override
  public List<String> collectBlobs(String env) throws InterruptedException {
    return blobs.collect(env, true);
  }

  @Override
  public List<Key> keys(String env) throws InterruptedException {
    return access.keys().list(env).stream()
        .map(key -> new Key(key.id(), key.master(), key.at()))
        .toList();
  }

  @Override
  public int rotateKeys(String env) throws InterruptedException {
    return access.keys().rewrap(env);
  }

  @Override
  public String newDataKey(String env) throws InterruptedException {
    return access.keys().addNext(env);
  }

  @Override
  public void purge(Namespace ns, Duration grace, Change change) throws InterruptedException {
    namespaces.purge(ns, grace, change);
  }

  @Override
  public long raiseEpoch(Namespace ns, long atLeast, Change change) throws InterruptedException {
    return namespaces.raiseEpoch(ns, atLeast, change);
  }

  @Override
  public NamespaceState repairedHead(Namespace ns, OptionalInt stable) throws InterruptedException {
    return namespaces.repairedHead(ns, stable);
  }

  @Override
  public NamespaceState repairHead(Namespace ns, OptionalInt stable, Change change)
      throws InterruptedException {
    return namespaces.repairHead(ns, stable, change);
  }

  @Override
  public Saved backup(OutputStream out) throws InterruptedException {
    try {
      return new Backup(access, transitions).write(new DataOutputStream(out));
    } catch (IOException e) {
      throw new UncheckedIOException("backup: cannot be written", e);
    }
  }

  @Override
  public List<Namespace> restore(InputStream in, Change change) throws InterruptedException {
    try {
      return new Backup(access, transitions).restore(new DataInputStream(in), change);
    } catch (IOException e) {
      throw new UncheckedIOException("backup: cannot be read", e);
    }
  }

  @Override
  public int setUpAccess() throws InterruptedException {
    ConfigPaths paths = access.reader().paths();
    int changed = 0;
    Deque<ZkPath> left = new ArrayDeque<>(List.of(paths.top(), paths.root().own("config-acks")));
    while (!left.isEmpty()) {
      ZkPath path = left.remove();
      for (String child : access.reader().calls().children(path)) {
        left.add(path.own(child));
      }
      changed += setAccess(path) ? 1 : 0;
    }
    return changed;
  }

  private boolean setAccess(ZkPath path) throws InterruptedException {
    Answer<Boolean> set = access
        .reader()
        .calls()
        .ask(
            path, (handle, reply) -> handle.setAcl(path, access.accessLists().aclFor(path), reply));
    if (!set.isOk() && set.code() != Code.NONODE) {
      throw KeeperErrors.of(set.code(), path);
    }
    return set.isOk();
  }
}
