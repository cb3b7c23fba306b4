package io.zookit.registry;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionHandle.Node;
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
final class RivalSearch {

  /** The newest other node of an id. */
  record Rival(ServiceInstance instance, long czxid) {}

  /** What was found; a registration without a rival is missing. */
  record Found(Map<DesiredRegistration, Rival> rivals) {}

  private final ServicePlace place;
  private final Collection<DesiredRegistration> asking;
  private final Consumer<Optional<Found>> done;
  private final Set<NodeRef> others = new LinkedHashSet<>();
  private int open;

  private RivalSearch(
      ServicePlace place,
      Collection<DesiredRegistration> asking,
      int buckets,
      Consumer<Optional<Found>> done) {
    this.place = place;
    this.open = buckets;
    this.asking = List.copyOf(asking);
    this.done = done;
  }

  /**
   * Searches buckets.
   *
   * @param buckets one at least
   * @param done told once; empty when ZooKeeper did not answer
   */
  static void start(
      SessionHandle handle,
      ServicePlace place,
      Collection<String> buckets,
      Collection<DesiredRegistration> asking,
      Consumer<Optional<Found>> done) {
    RivalSearch search = new RivalSearch(place, asking, buckets.size(), done);
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
    for (DesiredRegistration registration : asking) {
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
