package io.zookit.registry;

import io.zookit.core.internal.Decoded;
import io.zookit.core.internal.SessionHandle;
import io.zookit.core.internal.SessionHandle.Node;
import java.util.Collection;
import java.util.HashMap;
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
 * <p><i>Cost:</i> 1 listing; where other nodes are found 1 more read for each 128.
 */
final class RivalSearch {

  /** The newest other node of an id. */
  record Rival(ServiceInstance instance, long czxid) {}

  /** What was found; a registration without a rival is missing. */
  record Found(Map<DesiredRegistration, Rival> rivals) {}

  private final ServicePlace place;
  private final String bucket;
  private final Collection<DesiredRegistration> asking;
  private final Consumer<Optional<Found>> done;

  private RivalSearch(
      ServicePlace place,
      String bucket,
      Collection<DesiredRegistration> asking,
      Consumer<Optional<Found>> done) {
    this.place = place;
    this.bucket = bucket;
    this.asking = List.copyOf(asking);
    this.done = done;
  }

  /**
   * Searches a bucket.
   *
   * @param done told once; empty when ZooKeeper did not answer
   */
  static void start(
      SessionHandle handle,
      ServicePlace place,
      String bucket,
      Collection<DesiredRegistration> asking,
      Consumer<Optional<Found>> done) {
    RivalSearch search = new RivalSearch(place, bucket, asking, done);
    handle.list(place.bucket(bucket), listed -> {
      if (listed.isAnswered()) {
        search.read(handle, listed.isOk() ? listed.get() : List.of());
      } else {
        done.accept(Optional.empty());
      }
    });
  }

  private void read(SessionHandle handle, List<String> names) {
    Set<String> ids = new LinkedHashSet<>();
    Set<String> own = new LinkedHashSet<>();
    for (DesiredRegistration registration : asking) {
      ids.add(registration.instance().id());
      registration.nodeName().ifPresent(own::add);
    }
    Set<NodeRef> others = new LinkedHashSet<>();
    for (String name : names) {
      if (!own.contains(name)
          && NodeName.parse(name).map(node -> ids.contains(node.id())).orElse(false)) {
        others.add(new NodeRef(bucket, name));
      }
    }
    MultiRead.start(handle, place, others, null, outcome -> {
      if (outcome instanceof MultiRead.Outcome.Read read) {
        done.accept(Optional.of(found(read)));
      } else {
        done.accept(Optional.empty());
      }
    });
  }

  private Found found(MultiRead.Outcome.Read read) {
    Map<DesiredRegistration, Rival> rivals = new HashMap<>();
    read.answers().forEach((ref, answer) -> {
      if (answer.code() == Code.OK) {
        liveInstance(ref, answer.get()).ifPresent(instance -> {
          Rival rival = new Rival(instance, answer.get().stat().getCzxid());
          asking.stream()
              .filter(each -> isRival(each.instance(), instance))
              .forEach(each -> rivals.merge(each, rival, RivalSearch::newer));
        });
      }
    });
    return new Found(rivals);
  }

  private Optional<ServiceInstance> liveInstance(NodeRef ref, Node node) {
    return NodeName.parse(ref.name())
        .map(name -> StoredInstance.decode(place.service(), name, node.data()))
        .filter(Decoded.Value.class::isInstance)
        .map(decoded -> ((Decoded.Value<ServiceInstance>) decoded).value())
        .filter(instance -> instance.status() != InstanceStatus.LEAVING);
  }

  private static boolean isRival(ServiceInstance mine, ServiceInstance other) {
    return mine.id().equals(other.id()) && !mine.address().equals(other.address());
  }

  private static Rival newer(Rival one, Rival other) {
    return one.czxid >= other.czxid ? one : other;
  }
}
