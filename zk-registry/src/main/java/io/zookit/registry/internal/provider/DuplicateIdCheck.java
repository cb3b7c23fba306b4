package io.zookit.registry.internal.provider;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionHandle.Node;
import io.zookit.registry.InstanceStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.registry.internal.store.NodeReads;
import io.zookit.registry.internal.store.NodeRef;
import io.zookit.registry.internal.store.ServicePaths;
import io.zookit.registry.internal.store.StoredInstance;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;

/**
 * Looks for other live nodes of the ids of some registrations, with other addresses. Lives on the loop.
 *
 * <p><i>Cost:</i> 1 listing for each bucket; where other nodes are found 1 more read for each 128.
 */
final class DuplicateIdCheck {

  /** The newest other node of an id. */
  record DuplicateNode(ServiceInstance instance, long czxid) {}

  /** Result of a check; a registration without another node has no entry. */
  record Duplicates(Map<ManagedRegistration, DuplicateNode> others) {}

  private final ServicePaths place;
  private final Collection<ManagedRegistration> asking;
  private final Consumer<Optional<Duplicates>> done;
  private final Set<NodeRef> others = new LinkedHashSet<>();
  private int open;

  private DuplicateIdCheck(
      ServicePaths place,
      Collection<ManagedRegistration> asking,
      int buckets,
      Consumer<Optional<Duplicates>> done) {
    this.place = place;
    this.open = buckets;
    this.asking = List.copyOf(asking);
    this.done = done;
  }

  /**
   * Searches buckets for other nodes of the ids.
   *
   * @param buckets one or more
   * @param done called once; with an empty result if ZooKeeper did not answer
   */
  static void start(
      SessionHandle handle,
      ServicePaths place,
      Collection<String> buckets,
      Collection<ManagedRegistration> asking,
      Consumer<Optional<Duplicates>> done) {
    DuplicateIdCheck search = new DuplicateIdCheck(place, asking, buckets.size(), done);
    for (String bucket : buckets) {
      handle.list(place.bucket(bucket), listed -> search.onListed(handle, bucket, listed));
    }
  }

  private void onListed(SessionHandle handle, String bucket, Answer<List<String>> listed) {
    if (open == 0) {
      return; // it is over
    }
    if (!listed.isAnswered()) {
      open = 0;
      done.accept(Optional.empty());
      return;
    }
    addOthers(bucket, listed.isOk() ? listed.get() : List.of());
    if (--open == 0) {
      read(handle);
    }
  }

  private void addOthers(String bucket, List<String> names) {
    Set<String> ids = new HashSet<>();
    Set<String> own = new HashSet<>();
    for (ManagedRegistration registration : asking) {
      ids.add(registration.instance().id());
      registration.nodeName().ifPresent(own::add);
    }
    for (String name : names) {
      if (!own.contains(name)
          && NodeName.parse(name).map(node -> ids.contains(node.id())).orElse(false)) {
        others.add(new NodeRef(bucket, name));
      }
    }
  }

  private void read(SessionHandle handle) {
    NodeReads.start(handle, place, others, null, outcome -> {
      if (outcome instanceof NodeReads.Outcome.Read read) {
        done.accept(Optional.of(found(read)));
      } else {
        done.accept(Optional.empty());
      }
    });
  }

  private Duplicates found(NodeReads.Outcome.Read read) {
    Map<ManagedRegistration, DuplicateNode> others = new HashMap<>();
    read.answers().forEach((ref, answer) -> {
      if (answer.code() == Code.OK) {
        liveInstance(ref, answer.get()).ifPresent(instance -> {
          DuplicateNode other = new DuplicateNode(instance, answer.get().stat().getCzxid());
          asking.stream()
              .filter(each -> hasOtherAddress(each.instance(), instance))
              .forEach(each -> others.merge(each, other, DuplicateIdCheck::newer));
        });
      }
    });
    return new Duplicates(others);
  }

  private Optional<ServiceInstance> liveInstance(NodeRef ref, Node node) {
    return NodeName.parse(ref.name())
        .map(name -> StoredInstance.decode(place.service(), name, node.data()))
        .filter(Decoded.Value.class::isInstance)
        .map(decoded -> ((Decoded.Value<ServiceInstance>) decoded).value())
        .filter(instance -> instance.status() != InstanceStatus.LEAVING);
  }

  private static boolean hasOtherAddress(ServiceInstance mine, ServiceInstance other) {
    return mine.id().equals(other.id()) && !mine.address().equals(other.address());
  }

  private static DuplicateNode newer(DuplicateNode one, DuplicateNode other) {
    return one.czxid >= other.czxid ? one : other;
  }
}
