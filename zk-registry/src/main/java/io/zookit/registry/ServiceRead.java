package io.zookit.registry;

import io.zookit.core.internal.Answer;
import io.zookit.core.internal.SessionHandle;
import io.zookit.core.internal.SessionHandle.Children;
import io.zookit.core.internal.SessionHandle.Node;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * One read of a service, of all of it or of what may have changed: list the buckets, then read the nodes.
 *
 * <p>A node that is listed and not found when it is read has gone in between, or one of the two answers is not the
 * truth; its bucket is listed again before it counts as gone. Nodes that may be too large for a packet are asked for
 * their size first. Nothing is known of the result until all of it is there. Lives on the loop.
 */
final class ServiceRead {

  /** Told once how it ended. */
  interface Reader {

    /** Everything that was asked for is answered. */
    void onRead(ServiceRead read);

    /**
     * ZooKeeper did not answer, or refused.
     *
     * @param first the nodes of the first request without an answer
     */
    void onBroken(ServiceRead read, Code code, Set<NodeRef> first);
  }

  private final SessionHandle handle;
  private final ServicePlace place;
  private final KnownNodes known;
  private final Dirt asked;
  private final @Nullable Watcher watcher;
  private final Reader reader;

  private final Map<String, Set<String>> listings = new LinkedHashMap<>();
  private final Map<NodeRef, Answer<Node>> answers = new LinkedHashMap<>();
  private final Map<NodeRef, Stat> oversized = new HashMap<>();
  private final Set<NodeRef> suspects;
  private boolean confirmed;
  private boolean over;

  /**
   * A read that is not started.
   *
   * @param asked what to read
   * @param suspects nodes whose size is to be asked for first
   * @param watcher set on everything that is read, if there is one
   */
  ServiceRead(
      SessionHandle handle,
      ServicePlace place,
      KnownNodes known,
      Dirt asked,
      Set<NodeRef> suspects,
      @Nullable Watcher watcher,
      Reader reader) {
    this.handle = handle;
    this.place = place;
    this.known = known;
    this.asked = asked;
    this.suspects = suspects;
    this.watcher = watcher;
    this.reader = reader;
  }

  /** What was asked for. */
  Dirt asked() {
    return asked;
  }

  void start() {
    if (asked.sync()) {
      handle.sync(place.path(), synced -> {});
    }
    if (asked.all()) {
      handle.getChildren(place.path(), watcher, this::onService);
    } else {
      list(asked.buckets());
    }
  }

  /** Puts what was read into what is known. */
  void apply() {
    if (asked.all()) {
      for (String bucket : known.buckets()) {
        known.listed(bucket, listings.getOrDefault(bucket, Set.of()));
      }
    }
    listings.forEach((bucket, names) -> {
      known.listed(bucket, names);
      for (String name : names) {
        if (NodeName.parse(name).isEmpty()) {
          known.foreign(new NodeRef(bucket, name));
        }
      }
    });
    oversized.forEach(known::oversized);
    answers.forEach((node, answer) -> {
      if (answer.isOk()) {
        known.read(node, answer.get());
      } else if (answer.code() != Code.NONODE) {
        known.refused(node, answer.code());
      }
    });
  }

  /** The nodes that are listed and still cannot be found: to be read again, later. */
  Set<NodeRef> unsettled() {
    Set<NodeRef> missing = new LinkedHashSet<>();
    answers.forEach((node, answer) -> {
      if (answer.code() == Code.NONODE) {
        missing.add(node);
      }
    });
    return missing;
  }

  private void onService(Answer<Children> answer) {
    if (answer.isOk()) {
      list(answer.get().names().stream().filter(ServicePlace::isBucket).toList());
    } else if (answer.code() != Code.NONODE) {
      toBroken(answer.code(), Set.of());
    } else if (watcher == null) {
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
      handle.getChildren(place.bucket(bucket), watcher, answer -> {
        if (answer.isOk() || answer.code() == Code.NONODE) {
          onListed(bucket, answer.isOk() ? new LinkedHashSet<>(answer.get().names()) : Set.of());
          open.remove(bucket);
          if (open.isEmpty() && !over) {
            readNodes();
          }
        } else {
          toBroken(answer.code(), Set.of());
        }
      });
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
        if ((asked.all() || known.isNew(node)) && NodeName.parse(name).isPresent()) {
          wanted.add(node);
        }
      }
    });
    for (NodeRef node : asked.nodes()) {
      Set<String> names = listings.get(node.bucket());
      if (NodeName.parse(node.name()).isPresent()
          && (names == null || names.contains(node.name()))) {
        wanted.add(node);
      }
    }
    wanted.removeIf(node -> oversized.containsKey(node)
        || (answers.containsKey(node) && answers.get(node).code() != Code.NONODE));
    List<NodeRef> unsure = wanted.stream()
        .filter(node -> suspects.contains(node) || known.isOversized(node))
        .toList();
    unsure.forEach(wanted::remove);
    measure(unsure, wanted);
  }

  /** Asks for the sizes of nodes, and reads those that are small enough with the others. */
  private void measure(List<NodeRef> unsure, Set<NodeRef> wanted) {
    if (unsure.isEmpty()) {
      MultiRead.start(handle, place, wanted, watcher, this::onNodes);
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
          MultiRead.start(handle, place, wanted, watcher, this::onNodes);
        }
      });
    }
  }

  private void onNodes(MultiRead.Outcome outcome) {
    if (outcome instanceof MultiRead.Outcome.Broken broken) {
      toBroken(broken.code(), broken.first());
      return;
    }
    answers.putAll(((MultiRead.Outcome.Read) outcome).answers());
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
