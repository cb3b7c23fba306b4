package io.zookit.config;

import io.zookit.core.internal.access.AccessLists;
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
final class UpkeepDesk implements Upkeep {

  private final Workshop shop;
  private final BlobCollector blobs;

  UpkeepDesk(Workshop shop) {
    this.shop = shop;
    this.blobs = new BlobCollector(shop.reader(), shop.clock());
  }

  @Override
  public List<Integer> removable(Namespace ns) throws InterruptedException {
    return shop.retention().removable(ns);
  }

  @Override
  public List<Integer> collect(Namespace ns, Change change) throws InterruptedException {
    return shop.retention().collect(ns, change);
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
    return shop.keys().list(env).stream()
        .map(key -> new Key(key.id(), key.master(), key.at()))
        .toList();
  }

  @Override
  public int rotateKeys(String env) throws InterruptedException {
    return shop.keys().rewrap(env);
  }

  @Override
  public String newDataKey(String env) throws InterruptedException {
    return shop.keys().addNext(env);
  }

  @Override
  public void purge(Namespace ns, Duration grace, Change change) throws InterruptedException {
    shop.namespaces().purge(ns, grace, change);
  }

  @Override
  public long raiseEpoch(Namespace ns, long atLeast, Change change) throws InterruptedException {
    return shop.namespaces().raiseEpoch(ns, atLeast, change);
  }

  @Override
  public NamespaceState repairedHead(Namespace ns, OptionalInt stable) throws InterruptedException {
    return shop.namespaces().repairedHead(ns, stable);
  }

  @Override
  public NamespaceState repairHead(Namespace ns, OptionalInt stable, Change change)
      throws InterruptedException {
    return shop.namespaces().repairHead(ns, stable, change);
  }

  @Override
  public Saved backup(OutputStream out) throws InterruptedException {
    try {
      return new Backup(shop).write(new DataOutputStream(out));
    } catch (IOException e) {
      throw new UncheckedIOException("backup: cannot be written", e);
    }
  }

  @Override
  public List<Namespace> restore(InputStream in, Change change) throws InterruptedException {
    try {
      return new Backup(shop).restore(new DataInputStream(in), change);
    } catch (IOException e) {
      throw new UncheckedIOException("backup: cannot be read", e);
    }
  }

  @Override
  public int setUpAccess() throws InterruptedException {
    ConfigTree tree = shop.reader().tree();
    int changed = 0;
    Deque<ZkPath> left = new ArrayDeque<>(List.of(tree.top(), tree.root().own("config-acks")));
    while (!left.isEmpty()) {
      ZkPath path = left.remove();
      for (String child : shop.reader().wire().children(path)) {
        left.add(path.own(child));
      }
      changed += setAccess(path) ? 1 : 0;
    }
    return changed;
  }

  private boolean setAccess(ZkPath path) throws InterruptedException {
    AccessLists access = shop.access();
    Answer<Boolean> set = shop.reader()
        .wire()
        .ask(path, (handle, reply) -> handle.setAcl(path, access.aclFor(path), reply));
    if (!set.isOk() && set.code() != Code.NONODE) {
      throw KeeperErrors.of(set.code(), path);
    }
    return set.isOk();
  }
}
