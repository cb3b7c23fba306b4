package io.zookit.scheduler;

import io.zookit.core.internal.node.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.scheduler.Tree.Change;
import io.zookit.scheduler.Tree.Found;
import io.zookit.scheduler.Tree.Stamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/** A model of ZooKeeper's data: a tree, versions, transactions, ephemeral nodes. No time, no network. */
final class SimStore {

  private static final byte[] NO_DATA = {};

  /** A node. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Node(byte[] data, int version, long zxid, long mtime, long owner) {}

  private final TreeMap<String, Node> nodes = new TreeMap<>();
  private final Map<String, List<Runnable>> watches = new HashMap<>();
  private final BiConsumer<ZkPath, byte[]> written;
  private long zxid = 100;
  private final LongSupplier clock;
  private long leaderMillis;

  /** Breaks the model: versions are not compared any more. */
  boolean ignoresVersions;

  SimStore(LongSupplier clock, BiConsumer<ZkPath, byte[]> written) {
    this.clock = clock;
    this.written = written;
  }

  long zxid() {
    return zxid;
  }

  Found find(ZkPath path, long session) {
    Node node = nodes.get(path.value());
    if (node == null) {
      return Found.ABSENT;
    }
    return new Found(
        true,
        node.data,
        node.version,
        children(path).size(),
        node.zxid,
        node.mtime,
        node.owner == session);
  }

  List<String> children(ZkPath path) {
    String prefix = path.value() + "/";
    List<String> names = new ArrayList<>();
    for (String each : nodes.tailMap(prefix).keySet()) {
      if (!each.startsWith(prefix)) {
        break;
      }
      if (each.indexOf('/', prefix.length()) < 0) {
        names.add(each.substring(prefix.length()));
      }
    }
    return names;
  }

  boolean exists(ZkPath path) {
    return nodes.containsKey(path.value());
  }

  void watch(ZkPath path, Runnable heard) {
    watches.computeIfAbsent(path.value(), any -> new ArrayList<>()).add(heard);
  }

  void folder(ZkPath path) {
    nodes.putIfAbsent(path.value(), new Node(NO_DATA, 0, zxid, leaderMillis, 0));
  }

  /** Commits all or nothing, as ZooKeeper's multi. */
  Answer<List<Stamp>> commit(List<Change> changes, long session) {
    Map<String, Optional<Node>> before = new HashMap<>();
    for (Change change : changes) {
      before.putIfAbsent(pathOf(change), Optional.ofNullable(nodes.get(pathOf(change))));
    }
    leaderMillis = clock.getAsLong();
    zxid++;
    List<Stamp> stamps = new ArrayList<>();
    List<String> touched = new ArrayList<>();
    for (Change change : changes) {
      Code refusal = apply(change, session, stamps, touched);
      if (refusal != null) {
        before.forEach((path, node) -> {
          nodes.remove(path);
          node.ifPresent(old -> nodes.put(path, old));
        });
        return new Answer<>(refusal, stamps, true);
      }
    }
    for (Change change : changes) {
      if (change instanceof Change.Put put) {
        written.accept(put.path(), put.data());
      }
    }
    touched.forEach(this::fire);
    return Answer.ok(stamps);
  }

  private static String pathOf(Change change) {
    if (change instanceof Change.Make make) {
      return make.path().value();
    }
    if (change instanceof Change.Put put) {
      return put.path().value();
    }
    return change instanceof Change.Drop drop
        ? drop.path().value()
        : ((Change.Check) change).path().value();
  }

  private @Nullable Code apply(
      Change change, long session, List<Stamp> stamps, List<String> touched) {
    if (change instanceof Change.Make make) {
      return make(make, session, stamps, touched);
    }
    ZkPath path = change instanceof Change.Check check
        ? check.path()
        : change instanceof Change.Put put ? put.path() : ((Change.Drop) change).path();
    int version = change instanceof Change.Check check
        ? check.version()
        : change instanceof Change.Put put ? put.version() : ((Change.Drop) change).version();
    Node node = nodes.get(path.value());
    if (node == null) {
      return Code.NONODE;
    }
    if (version != -1 && version != node.version && !ignoresVersions) {
      return Code.BADVERSION;
    }
    if (change instanceof Change.Put put) {
      nodes.put(
          path.value(),
          new Node(put.data(), node.version + 1, node.zxid, leaderMillis, node.owner));
      stamps.add(new Stamp(node.version + 1, zxid, leaderMillis));
      touched.add(path.value());
      return null;
    }
    if (change instanceof Change.Drop) {
      if (!children(path).isEmpty()) {
        return Code.NOTEMPTY;
      }
      nodes.remove(path.value());
      touched.add(path.parent().value());
    }
    stamps.add(new Stamp(-1, 0, 0));
    return null;
  }

  private @Nullable Code make(
      Change.Make make, long session, List<Stamp> stamps, List<String> touched) {
    if (nodes.containsKey(make.path().value())) {
      return Code.NODEEXISTS;
    }
    if (!nodes.containsKey(make.path().parent().value())) {
      return Code.NONODE;
    }
    nodes.put(
        make.path().value(),
        new Node(make.data(), 0, zxid, leaderMillis, make.ephemeral() ? session : 0));
    stamps.add(new Stamp(0, zxid, leaderMillis));
    touched.add(make.path().parent().value());
    touched.add(make.path().value());
    return null;
  }

  void expire(long session) {
    zxid++;
    List<String> gone = nodes.entrySet().stream()
        .filter(each -> each.getValue().owner == session)
        .map(Map.Entry::getKey)
        .toList();
    gone.forEach(nodes::remove);
    gone.forEach(path -> fire(new ZkPath(path).parent().value()));
  }

  private void fire(String path) {
    List.copyOf(watches.getOrDefault(path, List.of())).forEach(Runnable::run);
  }
}
