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
import io.zookit.registry.internal.store.PipelinedReads;
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
 * Searches for other live nodes of the ids of some registrations, with other addresses.
 *
 * <p><i>Threads:</i> used on the loop.
 *
 * <p><i>Cost:</i> 1 listing for each bucket, all in one flight; where other nodes are found 1 more read for each 128.
 */
final class DuplicateIdCheck {

  /** The newest other node of an id. */
  record DuplicateNode(ServiceInstance instance, long czxid) {}

  /** Result of a check; a registration without another node has no entry. */
  record Duplicates(Map<ManagedRegistration, DuplicateNode> others) {}

  private final ServicePaths place;
  private final List<ManagedRegistration> asking;

  private DuplicateIdCheck(ServicePaths place, Collection<ManagedRegistration> asking) {
    this.place = place;
    this.asking = List.copyOf(asking);
  }

  /**
   * Searches buckets for other nodes of the ids.
   *
   * @param done called once; with an empty result if ZooKeeper did not answer
   */
  static void start(
      SessionHandle handle,
      ServicePaths place,
      Collection<String> buckets,
      Collection<ManagedRegistration> asking,
      Consumer<Optional<Duplicates>> done) {
    DuplicateIdCheck check = new DuplicateIdCheck(place, asking);
    List<String> all = List.copyOf(buckets);
    PipelinedReads.list(handle, all.stream().map(place::bucket).toList(), listed -> {
      if (listed.stream().allMatch(Answer::isAnswered)) {
        check.read(handle, check.others(all, listed), done);
      } else {
        done.accept(Optional.empty());
      }
    });
  }

  private Set<NodeRef> others(List<String> buckets, List<Answer<List<String>>> listed) {
    Set<String> ids = new HashSet<>();
    Set<String> own = new HashSet<>();
    for (ManagedRegistration registration : asking) {
      ids.add(registration.instance().id());
      registration.nodeName().ifPresent(own::add);
    }
    Set<NodeRef> others = new LinkedHashSet<>();
    for (int i = 0; i < buckets.size(); i++) {
      for (String name : listed.get(i).isOk() ? listed.get(i).get() : List.<String>of()) {
        if (!own.contains(name)
            && NodeName.parse(name).map(node -> ids.contains(node.id())).orElse(false)) {
          others.add(new NodeRef(buckets.get(i), name));
        }
      }
    }
    return others;
  }

  private void read(
      SessionHandle handle, Set<NodeRef> others, Consumer<Optional<Duplicates>> done) {
    NodeReads.start(
        handle,
        place,
        others,
        null,
        outcome -> done.accept(
            outcome instanceof NodeReads.NodesOutcome.NodesRead read
                ? Optional.of(found(read))
                : Optional.empty()));
  }

  private Duplicates found(NodeReads.NodesOutcome.NodesRead read) {
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
