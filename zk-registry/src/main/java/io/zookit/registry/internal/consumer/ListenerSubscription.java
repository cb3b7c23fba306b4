package io.zookit.registry.internal.consumer;

import io.zookit.core.Subscription;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceListener;
import io.zookit.registry.internal.selection.InstanceChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Subscription of one listener to a view. Changes that are not yet delivered are kept as one change for each id, so a
 * slow listener costs no more than the service has instances.
 */
final class ListenerSubscription implements Subscription {

  private static final Logger log = LoggerFactory.getLogger(ListenerSubscription.class);

  private final String service;
  private final ServiceListener listener;
  private final SerialLane lane;
  private final AtomicReference<Map<String, InstanceChange>> untold =
      new AtomicReference<>(Map.of());
  private final AtomicReference<@Nullable List<ServiceInstance>> rotation = new AtomicReference<>();
  private final Runnable onClose;
  private volatile boolean open = true;

  ListenerSubscription(
      String service, ServiceListener listener, SerialLane lane, Runnable onClose) {
    this.service = service;
    this.listener = listener;
    this.lane = lane;
    this.onClose = onClose;
  }

  void offer(List<InstanceChange> changes) {
    if (!changes.isEmpty()) {
      untold.updateAndGet(before -> merge(before, changes));
      lane.execute(this::tell);
    }
  }

  /** Of several only the last counts. */
  void offerRotation(List<ServiceInstance> inRotation) {
    rotation.set(inRotation);
    lane.execute(this::tell);
  }

  private static Map<String, InstanceChange> merge(
      Map<String, InstanceChange> before, List<InstanceChange> changes) {
    Map<String, InstanceChange> merged = new LinkedHashMap<>(before);
    for (InstanceChange change : changes) {
      InstanceChange earlier = merged.remove(change.id());
      if (earlier == null) {
        merged.put(change.id(), change);
      } else {
        earlier.then(change).ifPresent(both -> merged.put(both.id(), both));
      }
    }
    return merged;
  }

  private void tell() {
    for (InstanceChange change : new ArrayList<>(untold.getAndSet(Map.of()).values())) {
      tell(change::tell);
    }
    List<ServiceInstance> others = rotation.getAndSet(null);
    if (others != null) {
      tell(told -> told.onRotation(others));
    }
  }

  private void tell(Consumer<ServiceListener> what) {
    if (open) {
      try {
        what.accept(listener);
      } catch (Throwable e) { // whatever it is, the later changes are still delivered
        log.error("service {}: a listener failed and stays subscribed", service, e);
      }
    }
  }

  @Override
  public void close() {
    open = false;
    onClose.run();
  }
}
