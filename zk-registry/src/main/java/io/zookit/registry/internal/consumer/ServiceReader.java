package io.zookit.registry.internal.consumer;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Scope;
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
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Reads a service, all of it or what may have changed: lists the buckets, then reads the nodes.
 *
 * <p>A node that is listed but not found when it is read was deleted in between, or one of the two answers is wrong;
 * its bucket is listed again before the node counts as gone, unless an event reports its deletion. Nodes that may be
 * too large for a packet are queried for their size first. The result is passed on only when it is complete.
 *
 * <p><i>Threads:</i> used on the loop.
 */
final class ServiceReader {

  /** The number of names of the greatest length that just fit into one packet. */
  static final int MOST_NAMES = 7_000;

  /**
   * Request of a read.
   *
   * @param asked what to read
   * @param isDeleted tells if a deletion of a node was seen since the read began
   * @param suspects nodes, and buckets as nodes without a name, whose size is to be queried first
   * @param watcher set on everything that is read, if there is one
   */
  record ReadRequest(
      Invalidations asked,
      Predicate<NodeRef> isDeleted,
      Set<NodeRef> suspects,
      @Nullable Watcher watcher) {}

  /** Results of the listings of buckets. */
  private record BucketListings(Map<String, Set<String>> names, Set<String> tooLong) {}

  /** Results of the reads of nodes. */
  private record NodeAnswers(Map<NodeRef, Stat> oversized, Map<NodeRef, Answer<Node>> answers) {

    /** Both; of two answers for a node the later. */
    NodeAnswers and(NodeAnswers later) {
      Map<NodeRef, Stat> large = new HashMap<>(oversized);
      large.putAll(later.oversized);
      Map<NodeRef, Answer<Node>> both = new LinkedHashMap<>(answers);
      both.putAll(later.answers);
      return new NodeAnswers(large, both);
    }
  }

  private final SessionHandle handle;
  private final ServicePaths place;
  private final ServiceCache known;
  private final ReadRequest request;
  private final Scope scope;
  private final Consumer<ReadOutcome> done;

  private ServiceReader(
      SessionHandle handle,
      ServicePaths place,
      ServiceCache known,
      ReadRequest request,
      Scope scope,
      Consumer<ReadOutcome> done) {
    this.handle = handle;
    this.place = place;
    this.known = known;
    this.request = request;
    this.scope = scope;
    this.done = done;
  }

  /**
   * Sends the requests of a read.
   *
   * @param known what is cached, so that only new nodes of a bucket are read
   * @param scope closed when the read ends; closing it abandons the read
   * @param done called once, unless the read is abandoned
   */
  static void start(
      SessionHandle handle,
      ServicePaths place,
      ServiceCache known,
      ReadRequest request,
      Scope scope,
      Consumer<ReadOutcome> done) {
    new ServiceReader(handle, place, known, request, scope, done).read();
  }

  private void end(ReadOutcome outcome) {
    if (scope.isOpen()) {
      scope.close();
      done.accept(outcome);
    }
  }

  private void toBroken(Code code, Set<NodeRef> first) {
    end(new ReadOutcome.BrokenRead(code, first));
  }

  private void read() {
    Invalidations asked = request.asked;
    if (asked.all()) {
      readService();
    } else if (asked.policy()) {
      readPolicy(policy -> readBuckets(policy, asked.buckets()));
    } else {
      readBuckets(Optional.empty(), asked.buckets());
    }
  }

  private void readService() {
    ZkPath path = place.path();
    if (request.watcher == null) {
      List<Op> both = List.of(Op.getChildren(path.value()), Op.getData(path.value()));
      handle.multi(
          both,
          scope.wrap((Answer<List<OpResult>> answer) ->
              onService(Multi.childrenAt(0, answer), Multi.nodeAt(1, answer))));
      return;
    }
    handle.getChildren(
        path, request.watcher, scope.wrap((Answer<SessionHandle.Children> children) -> {
          Answer<List<String>> names =
              children.isOk() ? Answer.ok(children.get().names()) : Answer.of(children.code());
          handle.getData(
              path, request.watcher, scope.wrap((Answer<Node> data) -> onService(names, data)));
        }));
  }

  private void onService(Answer<List<String>> names, Answer<Node> data) {
    if (names.code() == Code.NONODE || data.code() == Code.NONODE) {
      onNoService();
    } else if (!names.isOk() || !data.isOk()) {
      toBroken(names.isOk() ? data.code() : names.code(), Set.of());
    } else if (ServicePaths.decode(data.get().data()) instanceof Decoded.TooNew<?> newer) {
      end(new ReadOutcome.NewerFormat(newer.version()));
    } else {
      Set<String> buckets = names.get().stream()
          .filter(ServicePaths::isBucket)
          .collect(Collectors.toCollection(LinkedHashSet::new));
      if (names.get().contains(ServicePaths.POLICY)) {
        readPolicy(policy -> readBuckets(policy, buckets));
      } else {
        readBuckets(Optional.of(new byte[0]), buckets);
      }
    }
  }

  private void onNoService() {
    Runnable end = () -> finish(
        Optional.empty(),
        new BucketListings(Map.of(), Set.of()),
        new NodeAnswers(Map.of(), Map.of()));
    if (request.watcher == null) {
      end.run();
    } else {
      handle.exists(place.path(), request.watcher, watched -> end.run());
    }
  }

  private void readPolicy(Consumer<Optional<byte[]>> next) {
    handle.getData(place.policy(), request.watcher, scope.wrap((Answer<Node> read) -> {
      if (!read.isAnswered()) {
        toBroken(read.code(), Set.of());
      } else if (read.code() == Code.NONODE) {
        next.accept(Optional.of(new byte[0]));
      } else {
        next.accept(read.isOk() ? Optional.of(read.get().data()) : Optional.empty());
      }
    }));
  }

  private void readBuckets(Optional<byte[]> policy, Set<String> buckets) {
    if (buckets.isEmpty()) {
      BucketListings none = new BucketListings(Map.of(), Set.of());
      readNodes(wanted(none), found -> confirm(policy, none, found));
    } else {
      list(buckets, listed -> readNodes(wanted(listed), found -> confirm(policy, listed, found)));
    }
  }

  /** Lists the buckets of missing nodes again, and reads what is still missing and what is new. */
  private void confirm(Optional<byte[]> policy, BucketListings before, NodeAnswers found) {
    Set<NodeRef> missing = missing(before, found);
    if (missing.isEmpty()) {
      finish(policy, before, found);
      return;
    }
    Set<String> buckets = missing.stream().map(NodeRef::bucket).collect(Collectors.toSet());
    list(buckets, again -> {
      Map<String, Set<String>> names = new LinkedHashMap<>(before.names);
      names.putAll(again.names);
      Set<String> tooLong = new HashSet<>(before.tooLong);
      tooLong.addAll(again.tooLong);
      BucketListings listed = new BucketListings(names, tooLong);
      NodeAnswers kept = withoutUnlisted(found, again);
      Set<NodeRef> wanted = wanted(listed);
      wanted.removeIf(node -> kept.oversized.containsKey(node) || isFound(kept, node));
      readNodes(wanted, more -> finish(policy, listed, kept.and(more)));
    });
  }

  private static boolean isFound(NodeAnswers found, NodeRef node) {
    Answer<Node> answer = found.answers.get(node);
    return answer != null && answer.code() != Code.NONODE;
  }

  private static NodeAnswers withoutUnlisted(NodeAnswers found, BucketListings listed) {
    Map<NodeRef, Answer<Node>> left = new LinkedHashMap<>(found.answers);
    left.keySet().removeIf(node -> {
      Set<String> names = listed.names.get(node.bucket());
      return names != null && !names.contains(node.name());
    });
    return new NodeAnswers(found.oversized, left);
  }

  private Set<NodeRef> missing(BucketListings listed, NodeAnswers found) {
    Set<NodeRef> missing = new LinkedHashSet<>();
    found.answers.forEach((node, answer) -> {
      if (answer.code() == Code.NONODE
          && !listed.tooLong.contains(node.bucket())
          && !request.isDeleted.test(node)) {
        missing.add(node);
      }
    });
    return missing;
  }

  private void finish(Optional<byte[]> policy, BucketListings listed, NodeAnswers found) {
    end(new ServiceRead(
        request.asked,
        policy,
        Collections.unmodifiableMap(listed.names),
        Collections.unmodifiableSet(listed.tooLong),
        Collections.unmodifiableMap(found.oversized),
        Collections.unmodifiableMap(found.answers),
        Collections.unmodifiableSet(missing(listed, found))));
  }

  private void list(Set<String> buckets, Consumer<BucketListings> next) {
    gather(buckets, this::listBucket, listings -> {
      Map<String, Set<String>> names = new LinkedHashMap<>();
      Set<String> tooLong = new HashSet<>();
      listings.forEach((bucket, listing) ->
          listing.ifPresentOrElse(those -> names.put(bucket, those), () -> tooLong.add(bucket)));
      next.accept(new BucketListings(names, tooLong));
    });
  }

  /** Lists one bucket; without a result if it holds too many nodes. */
  private void listBucket(String bucket, Consumer<Optional<Set<String>>> reply) {
    if (!request.suspects.contains(new NodeRef(bucket, ""))) {
      listNow(bucket, reply);
      return;
    }
    handle.exists(place.bucket(bucket), null, scope.wrap((Answer<Stat> read) -> {
      if (read.isOk() && read.get().getNumChildren() > MOST_NAMES) {
        reply.accept(Optional.empty());
      } else {
        listNow(bucket, reply);
      }
    }));
  }

  private void listNow(String bucket, Consumer<Optional<Set<String>>> reply) {
    handle.getChildren(
        place.bucket(bucket),
        request.watcher,
        scope.wrap((Answer<SessionHandle.Children> answer) -> {
          if (answer.isOk()) {
            reply.accept(Optional.of(new LinkedHashSet<>(answer.get().names())));
          } else if (answer.code() == Code.NONODE) {
            reply.accept(Optional.of(Set.of()));
          } else {
            toBroken(answer.code(), Set.of(new NodeRef(bucket, "")));
          }
        }));
  }

  private Set<NodeRef> wanted(BucketListings listed) {
    Set<NodeRef> wanted = new LinkedHashSet<>();
    listed.names.forEach((bucket, names) -> {
      for (String name : names) {
        NodeRef node = new NodeRef(bucket, name);
        if ((request.asked.all() || known.isNew(node)) && NodeName.isValid(name)) {
          wanted.add(node);
        }
      }
    });
    for (NodeRef node : request.asked.nodes()) {
      Set<String> names = listed.names.get(node.bucket());
      if (NodeName.isValid(node.name()) && (names == null || names.contains(node.name()))) {
        wanted.add(node);
      }
    }
    return wanted;
  }

  /** Queries the sizes of nodes that may be too large, and reads those that are small enough with the others. */
  private void readNodes(Set<NodeRef> wanted, Consumer<NodeAnswers> next) {
    Set<NodeRef> unsure = new HashSet<>();
    for (NodeRef node : wanted) {
      if (request.suspects.contains(node) || known.isOversized(node)) {
        unsure.add(node);
      }
    }
    if (unsure.isEmpty()) {
      readNodes(wanted, Map.of(), next);
      return;
    }
    gather(unsure, this::size, sizes -> {
      Map<NodeRef, Stat> oversized = new HashMap<>();
      sizes.forEach(
          (node, stat) -> stat.filter(large -> large.getDataLength() > StoredInstance.MAX_BYTES)
              .ifPresent(large -> oversized.put(node, large)));
      wanted.removeAll(oversized.keySet());
      readNodes(wanted, oversized, next);
    });
  }

  private void readNodes(
      Set<NodeRef> wanted, Map<NodeRef, Stat> oversized, Consumer<NodeAnswers> next) {
    NodeReads.start(
        handle, place, wanted, request.watcher, scope.wrap((NodeReads.NodesOutcome outcome) -> {
          if (outcome instanceof NodeReads.NodesOutcome.Broken broken) {
            toBroken(broken.code(), broken.first());
          } else {
            next.accept(
                new NodeAnswers(oversized, ((NodeReads.NodesOutcome.NodesRead) outcome).answers()));
          }
        }));
  }

  private void size(NodeRef node, Consumer<Optional<Stat>> reply) {
    handle.exists(place.node(node), request.watcher, scope.wrap((Answer<Stat> answer) -> {
      if (answer.isAnswered()) {
        reply.accept(answer.isOk() ? Optional.of(answer.get()) : Optional.empty());
      } else {
        toBroken(answer.code(), Set.of());
      }
    }));
  }

  /** Sends a request for each key, all in one flight, and passes the replies on when there is one for each. */
  private static <K, V> void gather(
      Collection<K> keys, BiConsumer<K, Consumer<V>> request, Consumer<Map<K, V>> next) {
    Map<K, V> replies = new LinkedHashMap<>();
    if (keys.isEmpty()) {
      next.accept(replies);
    }
    for (K key : keys) {
      request.accept(key, reply -> {
        replies.put(key, reply);
        if (replies.size() == keys.size()) {
          next.accept(replies);
        }
      });
    }
  }
}
