package io.zookit.registry.internal.consumer;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionHandle.Node;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.registry.internal.store.NodeReads;
import io.zookit.registry.internal.store.NodeRef;
import io.zookit.registry.internal.store.ServicePaths;
import io.zookit.registry.internal.store.StoredInstance;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * One read of a service, of all of it or of what may have changed: list the buckets, then read the nodes.
 *
 * <p>A node that is listed but not found when it is read was deleted in between, or one of the two answers is wrong;
 * its bucket is listed again before the node counts as gone, unless an event reports its deletion. Nodes that may be
 * too large for a packet are queried for their size first. The result becomes visible only when it is complete.
 * Confined to the loop.
 */
public final class ServiceRead {

  /** Notified once when the read has ended. */
  interface Reader {

    /** Everything that was asked for is answered. */
    void onRead(ServiceRead read);

    /**
     * ZooKeeper did not answer, or refused.
     *
     * @param first what the first request without an answer was about: nodes, or a bucket as a node without a name
     */
    void onBroken(ServiceRead read, Code code, Set<NodeRef> first);

    /** The service is in a format that this version must not read. */
    void onTooNew(ServiceRead read, int format);
  }

  /** The number of names of the greatest length that just fit into one packet. */
  static final int MOST_NAMES = 7_000;

  private final SessionHandle handle;
  private final ServicePaths place;
  private final ServiceCache known;
  private final Invalidations asked;
  private final Predicate<NodeRef> isDeleted;
  private final @Nullable Watcher watcher;
  private final Reader reader;

  private final Map<String, Set<String>> listings = new LinkedHashMap<>();
  private Map<NodeRef, Answer<Node>> answers = new LinkedHashMap<>();
  private final Map<NodeRef, Stat> oversized = new HashMap<>();
  private final Set<NodeRef> suspects;
  private final Set<String> tooLong = new HashSet<>();
  private byte @Nullable [] policy;
  private boolean confirmed;
  private boolean over;

  /**
   * A read that is not started.
   *
   * @param asked what to read
   * @param isDeleted tells if a deletion of a node was seen since the read began
   * @param suspects nodes, and buckets as nodes without a name, whose size is to be asked for first
   * @param watcher set on everything that is read, if there is one
   */
  ServiceRead(
      SessionHandle handle,
      ServicePaths place,
      ServiceCache known,
      Invalidations asked,
      Predicate<NodeRef> isDeleted,
      Set<NodeRef> suspects,
      @Nullable Watcher watcher,
      Reader reader) {
    this.handle = handle;
    this.place = place;
    this.known = known;
    this.asked = asked;
    this.isDeleted = isDeleted;
    this.suspects = suspects;
    this.watcher = watcher;
    this.reader = reader;
  }

  /** Returns what this read was asked to read. */
  Invalidations asked() {
    return asked;
  }

  void start() {
    if (asked.sync()) {
      handle.sync(place.path(), synced -> {});
    }
    if (asked.all()) {
      readService();
    } else if (asked.policy()) {
      readPolicy(() -> list(asked.buckets()));
    } else {
      list(asked.buckets());
    }
  }

  /** The buckets that hold too many nodes to be listed. */
  Set<String> tooLong() {
    return tooLong;
  }

  /** Puts what was read, and what was deleted, into what is known. */
  void apply() {
    asked.deleted().forEach(known::deleted);
    if (asked.all()) {
      for (String bucket : known.buckets()) {
        if (!tooLong.contains(bucket) && !listings.containsKey(bucket)) {
          known.listed(bucket, Set.of());
        }
      }
    }
    listings.forEach((bucket, names) -> {
      known.listed(bucket, names);
      names.forEach(name -> markForeign(bucket, name));
    });
    asked.nodes().forEach(node -> markForeign(node.bucket(), node.name()));
    oversized.forEach(known::oversized);
    answers.forEach((node, answer) -> {
      if (answer.isOk()) {
        known.read(node, answer.get());
      } else if (answer.code() != Code.NONODE) {
        known.refused(node, answer.code());
      }
    });
  }

  private void markForeign(String bucket, String name) {
    if (!NodeName.isValid(name)) {
      known.foreign(new NodeRef(bucket, name));
    }
  }

  /**
   * The nodes that are listed, were not seen deleted, and still cannot be found: to be read again, later. Of a bucket that cannot be listed there
   * are none, because nothing would ever settle them.
   */
  Set<NodeRef> unsettled() {
    Set<NodeRef> missing = new LinkedHashSet<>();
    answers.forEach((node, answer) -> {
      if (answer.code() == Code.NONODE
          && !tooLong.contains(node.bucket())
          && !isDeleted.test(node)) {
        missing.add(node);
      }
    });
    return missing;
  }

  private void readService() {
    ZkPath path = place.path();
    if (watcher == null) {
      List<Op> both = List.of(Op.getChildren(path.value()), Op.getData(path.value()));
      handle.multi(both, answer -> onService(Multi.childrenAt(0, answer), Multi.nodeAt(1, answer)));
    } else {
      handle.getChildren(path, watcher, children -> {
        Answer<List<String>> names =
            children.isOk() ? Answer.ok(children.get().names()) : Answer.of(children.code());
        handle.getData(path, watcher, data -> onService(names, data));
      });
    }
  }

  private void onService(Answer<List<String>> names, Answer<Node> data) {
    if (names.code() == Code.NONODE || data.code() == Code.NONODE) {
      onNoService();
    } else if (!names.isOk() || !data.isOk()) {
      toBroken(names.isOk() ? data.code() : names.code(), Set.of());
    } else if (ServicePaths.decode(data.get().data()) instanceof Decoded.TooNew<?> newer) {
      if (!over) {
        over = true;
        reader.onTooNew(this, newer.version());
      }
    } else {
      List<String> buckets = names.get().stream().filter(ServicePaths::isBucket).toList();
      if (names.get().contains(ServicePaths.POLICY)) {
        readPolicy(() -> list(buckets));
      } else {
        policy = new byte[0];
        list(buckets);
      }
    }
  }

  private void readPolicy(Runnable next) {
    handle.getData(place.policy(), watcher, read -> {
      if (!read.isAnswered()) {
        toBroken(read.code(), Set.of());
        return;
      }
      if (read.isOk()) {
        policy = read.get().data();
      } else if (read.code() == Code.NONODE) {
        policy = new byte[0];
      }
      next.run();
    });
  }

  /** Returns the data of the policy, if it was read; an empty array if the service has no policy. */
  byte @Nullable [] policy() {
    return policy;
  }

  private void onNoService() {
    if (watcher == null) {
      finish();
    } else {
      handle.exists(place.path(), watcher, watched -> finish());
    }
  }

  private void list(Collection<String> buckets) {
    if (buckets.isEmpty()) {
      readNodes();
      return;
    }
    Set<String> open = new HashSet<>(buckets);
    for (String bucket : buckets) {
      NodeRef whole = new NodeRef(bucket, "");
      if (suspects.contains(whole)) {
        handle.exists(place.bucket(bucket), null, read -> {
          if (read.isOk() && read.get().getNumChildren() > MOST_NAMES) {
            tooLong.add(bucket);
            onOneDone(open, bucket);
          } else {
            list(bucket, open);
          }
        });
      } else {
        list(bucket, open);
      }
    }
  }

  private void list(String bucket, Set<String> open) {
    handle.getChildren(place.bucket(bucket), watcher, answer -> {
      if (answer.isOk() || answer.code() == Code.NONODE) {
        onListed(bucket, answer.isOk() ? new LinkedHashSet<>(answer.get().names()) : Set.of());
        onOneDone(open, bucket);
      } else {
        toBroken(answer.code(), Set.of(new NodeRef(bucket, "")));
      }
    });
  }

  private void onOneDone(Set<String> open, String bucket) {
    open.remove(bucket);
    if (open.isEmpty() && !over) {
      readNodes();
    }
  }

  private void onListed(String bucket, Set<String> names) {
    listings.put(bucket, names);
    if (confirmed) {
      answers
          .keySet()
          .removeIf(node -> node.bucket().equals(bucket) && !names.contains(node.name()));
    }
  }

  private void readNodes() {
    Set<NodeRef> wanted = new LinkedHashSet<>();
    listings.forEach((bucket, names) -> {
      for (String name : names) {
        NodeRef node = new NodeRef(bucket, name);
        if ((asked.all() || known.isNew(node)) && NodeName.isValid(name)) {
          wanted.add(node);
        }
      }
    });
    for (NodeRef node : asked.nodes()) {
      Set<String> names = listings.get(node.bucket());
      if (NodeName.isValid(node.name()) && (names == null || names.contains(node.name()))) {
        wanted.add(node);
      }
    }
    if (confirmed) {
      wanted.removeIf(node -> oversized.containsKey(node)
          || (answers.containsKey(node) && answers.get(node).code() != Code.NONODE));
    }
    List<NodeRef> unsure = wanted.stream()
        .filter(node -> suspects.contains(node) || known.isOversized(node))
        .toList();
    unsure.forEach(wanted::remove);
    measure(unsure, wanted);
  }

  /** Asks for the sizes of nodes, and reads those that are small enough with the others. */
  private void measure(List<NodeRef> unsure, Set<NodeRef> wanted) {
    if (unsure.isEmpty()) {
      NodeReads.start(handle, place, wanted, watcher, this::onNodes);
      return;
    }
    Set<NodeRef> open = new HashSet<>(unsure);
    for (NodeRef node : unsure) {
      handle.exists(place.node(node), watcher, answer -> {
        if (!answer.isAnswered()) {
          toBroken(answer.code(), Set.of());
          return;
        }
        if (answer.isOk() && answer.get().getDataLength() > StoredInstance.MAX_BYTES) {
          oversized.put(node, answer.get());
        } else {
          wanted.add(node);
        }
        open.remove(node);
        if (open.isEmpty() && !over) {
          NodeReads.start(handle, place, wanted, watcher, this::onNodes);
        }
      });
    }
  }

  private void onNodes(NodeReads.Outcome outcome) {
    if (outcome instanceof NodeReads.Outcome.Broken broken) {
      toBroken(broken.code(), broken.first());
      return;
    }
    Map<NodeRef, Answer<Node>> more = ((NodeReads.Outcome.Read) outcome).answers();
    if (answers.isEmpty()) {
      answers = more;
    } else {
      answers.putAll(more);
    }
    Set<NodeRef> missing = unsettled();
    if (missing.isEmpty() || confirmed) {
      finish();
    } else {
      confirmed = true;
      list(missing.stream().map(NodeRef::bucket).distinct().toList());
    }
  }

  private void finish() {
    if (!over) {
      over = true;
      reader.onRead(this);
    }
  }

  private void toBroken(Code code, Set<NodeRef> first) {
    if (!over) {
      over = true;
      reader.onBroken(this, code, first);
    }
  }
}
