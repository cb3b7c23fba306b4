package io.zookit.config.internal.upkeep;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.History;
import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Maintenance;
import io.zookit.config.Namespace;
import io.zookit.config.internal.head.HeadChange;
import io.zookit.config.internal.head.HeadTransactions;
import io.zookit.config.internal.head.HeadUpdate;
import io.zookit.config.internal.model.Digests;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.StoredHead;
import io.zookit.config.internal.model.StoredRelease;
import io.zookit.config.internal.zk.ConfigNodes;
import io.zookit.config.internal.zk.NamespaceFolders;
import io.zookit.config.internal.zk.StoreAccess;
import io.zookit.config.internal.zk.StoredConfigReader;
import io.zookit.core.ZkAccessException;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.codec.UnreadableDataException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.io.UTFDataFormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;

/**
 * Everything of a configuration as one stream: for each node its path below the root and its data.
 *
 * <p>Heads are read before anything else: whatever a head names was there before it, so a backup taken while others
 * publish is whole. Restoring writes nodes that never change first, and never over others; at the end each head is set
 * by a change of its own, with an epoch that clients take. An existing node with other data stops the restore before
 * anything is written.
 */
final class Backup {

  private static final int MAGIC = 0x5a6b6331;
  private static final String END = "";
  private static final int LARGEST_NODE = 1 << 20;

  private final StoredConfigReader reader;
  private final ConfigNodes nodes;
  private final HeadTransactions transitions;

  Backup(StoreAccess access, HeadTransactions transitions) {
    this.reader = access.reader();
    this.nodes = access.nodes();
    this.transitions = transitions;
  }

  /** Writes all nodes that can be read. */
  Maintenance.Saved write(DataOutputStream out) throws InterruptedException, IOException {
    Map<ZkPath, byte[]> nodes = new LinkedHashMap<>();
    NamespaceFolders folders = new NamespaceFolders(reader);
    for (Namespace ns : folders.all()) {
      readHead(ns, folders, nodes);
    }
    ZkPath top = reader.paths().top();
    for (String env : folders.tried("*", () -> reader.calls().children(top)).orElse(List.of())) {
      if (!env.startsWith("~")) {
        readBelow(reader.paths().env(env), folders, nodes);
      }
    }
    out.writeInt(MAGIC);
    for (Map.Entry<ZkPath, byte[]> node : nodes.entrySet()) {
      out.writeUTF(below(node.getKey()));
      out.writeInt(node.getValue().length);
      out.write(node.getValue());
    }
    out.writeUTF(END);
    out.writeInt(nodes.size());
    out.flush();
    return new Maintenance.Saved(nodes.size(), distinct(folders));
  }

  /** A folder that cannot be listed is met twice: by its namespaces and by its nodes. */
  private static List<ConfigStore.Unreadable> distinct(NamespaceFolders folders) {
    Map<String, ConfigStore.Unreadable> byName = new LinkedHashMap<>();
    for (ConfigStore.Unreadable each : folders.unreadable()) {
      byName.putIfAbsent(each.reason(), each);
    }
    return List.copyOf(byName.values());
  }

  /**
   * A head that is damaged is left out: it could not be put in force, and it can be re-created from what else is saved.
   */
  private void readHead(Namespace ns, NamespaceFolders folders, Map<ZkPath, byte[]> into)
      throws InterruptedException {
    ZkPath path = reader.paths().head(ns);
    Optional<SessionHandle.Node> node =
        folders.tried(ns.toString(), () -> reader.calls().read(path)).flatMap(Function.identity());
    if (node.isPresent()) {
      byte[] data = node.get().data();
      folders
          .tried(ns.toString(), () -> StoredRelease.value(Head.CODEC.decode(data), ns + ": head"))
          .ifPresent(head -> into.put(path, data));
    }
  }

  private String below(ZkPath path) {
    return path.value().substring(reader.paths().top().value().length() + 1);
  }

  /**
   * Reads a stream and brings its namespaces back; returns them. Everything that can be refused is refused before anything is
   * written.
   */
  List<Namespace> restore(DataInputStream in, Change change)
      throws InterruptedException, IOException {
    Map<String, byte[]> nodes = decode(in);
    Map<Namespace, Head> heads = takeHeads(nodes);
    for (Map.Entry<String, byte[]> node : nodes.entrySet()) {
      requireNoOther(path(node.getKey()), node.getValue());
    }
    for (Map.Entry<Namespace, Head> each : heads.entrySet()) {
      StoredHead live = reader.head(each.getKey());
      transitions.requireAdmitted(move(each.getKey(), live, each.getValue()), change);
    }
    RestoreProgress progress = new RestoreProgress(nodes.size(), heads.size());
    try {
      Set<String> envs = new TreeSet<>();
      nodes.keySet().forEach(path -> envs.add(path.split("/", -1)[0]));
      heads.keySet().forEach(ns -> envs.add(ns.env()));
      for (String env : envs) {
        this.nodes.ensureBelow(env);
      }
      for (Map.Entry<String, byte[]> node : nodes.entrySet()) {
        put(node.getKey().split("/", -1), node.getValue());
        progress.nodes++;
      }
      for (String node : nodes.keySet()) {
        touchBlob(node);
      }
      for (Map.Entry<Namespace, Head> each : heads.entrySet()) {
        setHead(each.getKey(), each.getValue(), change);
        progress.inForce.add(each.getKey());
      }
    } catch (ZkException e) {
      throw progress.stopped(e);
    }
    return List.copyOf(heads.keySet());
  }

  /** Progress of a restore. */
  private static final class RestoreProgress {
    private final int allNodes;
    private final int allHeads;
    private final List<Namespace> inForce = new ArrayList<>();
    private int nodes;

    RestoreProgress(int allNodes, int allHeads) {
      this.allNodes = allNodes;
      this.allHeads = allHeads;
    }

    /** The same kind of failure, with what was restored by now and what to do about it. */
    ZkException stopped(ZkException cause) {
      String message = "the restore stopped: " + cause.getMessage() + "; written so far: " + nodes
          + " of " + allNodes + " nodes, and in force again: " + inForce.size() + " of " + allHeads
          + " namespaces " + inForce
          + "; what is written stays, and the same restore goes on from it";
      if (cause instanceof ZkUnavailableException) {
        return new ZkUnavailableException(message, cause);
      }
      if (cause instanceof ZkAccessException) {
        ZkAccessException denied = new ZkAccessException(message);
        denied.initCause(cause);
        return denied;
      }
      return new ZkException(message, cause);
    }
  }

  /** Removes the heads from the nodes: they are set last, each by a change of its own. */
  private static Map<Namespace, Head> takeHeads(Map<String, byte[]> nodes) {
    Map<Namespace, Head> heads = new LinkedHashMap<>();
    for (Map.Entry<String, byte[]> node : nodes.entrySet()) {
      String[] parts = node.getKey().split("/", -1);
      if (parts.length == 5 && parts[1].equals("apps") && parts[4].equals("head")) {
        Head head = StoredRelease.value(Head.CODEC.decode(node.getValue()), node.getKey());
        heads.put(Namespace.of(parts[0], parts[2], parts[3]), head);
      }
    }
    heads
        .keySet()
        .forEach(ns -> nodes.remove(ns.env() + "/apps/" + ns.app() + "/" + ns.name() + "/head"));
    return heads;
  }

  private void setHead(Namespace ns, Head saved, Change change) throws InterruptedException {
    transitions.run(
        change,
        publishId -> HeadTransactions.ChangePlan.of(move(ns, reader.head(ns), saved), true));
  }

  private HeadChange move(Namespace ns, StoredHead live, Head saved) throws InterruptedException {
    long acked =
        reader.acks(ns).stream().mapToLong(InstanceReleaseStatus::epoch).max().orElse(0);
    long epoch = Math.max(Math.max(saved.epoch(), live.head().epoch()), acked) + 1;
    long traces =
        Math.max(reader.greatest(reader.paths().audits(ns)), live.head().revision());
    HeadUpdate edit = HeadUpdate.ofNewEpoch(saved, epoch, traces);
    int last = reader.greatest(reader.paths().releases(ns));
    if (last > saved.lastRelease()) {
      StoredRelease newest = reader.presentRelease(ns, last);
      edit = edit.newRelease(newest.manifest(), newest.hash());
    }
    StoredHead from = new StoredHead(auditedBy(ns, live.head(), saved), live.version());
    HeadChange move = HeadChange.of(ns, from, edit, History.Action.EPOCH);
    return (saved.stable() == null ? move : move.about(saved.stableNumber()))
        .replacing(live.head())
        .called("restored from a backup of release " + saved.stableNumber());
  }

  /** The chain of changes goes on behind the newest entry that exists. */
  private Head auditedBy(Namespace ns, Head live, Head saved) throws InterruptedException {
    int newest = reader.greatest(reader.paths().audits(ns));
    Optional<SessionHandle.Node> entry = reader.calls().read(reader.paths().audit(ns, newest));
    String hash = entry.map(node -> Digests.sha256(node.data())).orElse("");
    return HeadUpdate.of(live.revision() > saved.revision() ? live : saved)
        .build("", Change.by("restore"), live.at(), hash);
  }

  private ZkPath path(String below) {
    ZkPath path = reader.paths().top();
    for (String part : below.split("/", -1)) {
      path = path.own(part);
    }
    return path;
  }

  private void put(String[] parts, byte[] data) throws InterruptedException {
    ZkPath path = reader.paths().top();
    for (int i = 0; i < parts.length; i++) {
      path = path.own(parts[i]);
      boolean last = i == parts.length - 1;
      create(path, last ? data : new byte[0], last);
    }
  }

  /** Behind the releases that use it: a collector that has looked for them before does not delete it any more. */
  private void touchBlob(String node) throws InterruptedException {
    String[] parts = node.split("/", -1);
    if (parts.length == 3 && parts[1].equals("blobs")) {
      ZkPath path = path(node);
      Answer<Stat> touched =
          reader.calls().ask(path, (handle, reply) -> handle.setData(path, new byte[0], -1, reply));
      reader.calls().require(path, touched);
    }
  }

  private void create(ZkPath path, byte[] data, boolean must) throws InterruptedException {
    Answer<SessionHandle.Created> made = nodes.create(path, data);
    if (made.code() == Code.NODEEXISTS && must) {
      requireNoOther(path, data);
    } else if (!made.isOk() && made.code() != Code.NODEEXISTS) {
      throw KeeperErrors.of(made.code(), path);
    }
  }

  /** A node that never changes must be as the backup has it, or not be there. */
  private void requireNoOther(ZkPath path, byte[] data) throws InterruptedException {
    if (isReplaceable(path)) {
      return;
    }
    Optional<SessionHandle.Node> there = reader.calls().read(path);
    if (there.isPresent() && !Arrays.equals(there.get().data(), data)) {
      throw new UnreadableDataException(path + ": exists with other data than in the backup");
    }
  }

  /**
   * Tells if a node may differ from the backup and stays as it is: folders, policies, drafts, requests, re-wrapped
   * keys.
   */
  private boolean isReplaceable(ZkPath path) {
    String parent = path.parent().name();
    return path.name().equals("policy")
        || parent.equals("drafts")
        || parent.equals("requests")
        || parent.equals("keys")
        || parent.equals("blobs");
  }

  private void readBelow(ZkPath path, NamespaceFolders folders, Map<ZkPath, byte[]> into)
      throws InterruptedException {
    String name = below(path);
    for (String child :
        folders.tried(name, () -> reader.calls().children(path)).orElse(List.of())) {
      readBelow(path.own(child), folders, into);
    }
    if (!path.name().equals("head") && !into.containsKey(path)) {
      folders
          .tried(name, () -> reader.calls().read(path))
          .flatMap(Function.identity())
          .ifPresent(node -> into.put(path, node.data()));
    }
  }

  private static Map<String, byte[]> decode(DataInputStream in) throws IOException {
    try {
      if (in.readInt() != MAGIC) {
        throw new StreamCorruptedException("not a backup of a configuration");
      }
      Map<String, byte[]> nodes = new LinkedHashMap<>();
      for (String path = in.readUTF(); !path.equals(END); path = in.readUTF()) {
        int length = in.readInt();
        if (length < 0 || length > LARGEST_NODE) {
          throw new StreamCorruptedException("node " + nodes.size() + ": " + length + " bytes");
        }
        byte[] data = in.readNBytes(length);
        if (data.length < length) {
          throw new EOFException();
        }
        nodes.put(path, data);
      }
      if (in.readInt() != nodes.size()) {
        throw new StreamCorruptedException("nodes are missing");
      }
      return nodes;
    } catch (EOFException e) {
      StreamCorruptedException cut = new StreamCorruptedException("the backup is cut short");
      cut.initCause(e);
      throw cut;
    } catch (UTFDataFormatException e) {
      StreamCorruptedException damaged = new StreamCorruptedException("a path is damaged");
      damaged.initCause(e);
      throw damaged;
    }
  }
}
