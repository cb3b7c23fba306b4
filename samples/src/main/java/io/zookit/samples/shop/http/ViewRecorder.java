package io.zookit.samples.shop.http;

import io.zookit.core.Timekeeper;
import io.zookit.registry.ChangeCause;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceListener;
import io.zookit.registry.ServiceView;
import io.zookit.samples.shop.process.ShopEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reports to the demo when a caller's view adds and drops instances, and each call to an instance that the view had
 * dropped before it was chosen. A service needs nothing of this.
 */
final class ViewRecorder implements ServiceListener {

  private final ServiceView view;
  private final Timekeeper timekeeper;
  private final Consumer<ShopEvent> demo;
  private final Map<String, Long> dropped = new ConcurrentHashMap<>();

  ViewRecorder(ServiceView view, Timekeeper timekeeper, Consumer<ShopEvent> demo) {
    this.view = view;
    this.timekeeper = timekeeper;
    this.demo = demo;
  }

  /** Makes a choice and reports it if it is wrong. */
  <P> P watched(Supplier<P> choice, Function<P, ServiceInstance> what) {
    long before = timekeeper.nanos();
    P pick = choice.get();
    ServiceInstance chosen = what.apply(pick);
    Long drop = dropped.get(chosen.id());
    if (drop != null && drop - before < 0 && !isThere(chosen)) {
      demo.accept(ShopEvent.of(Kind.WRONG_CALL).with("instance", chosen.id()));
    }
    return pick;
  }

  @Override
  public void onAdded(ServiceInstance instance, ChangeCause cause) {
    dropped.remove(instance.id());
    tell(Kind.JOINED, instance);
  }

  @Override
  public void onRemoved(ServiceInstance last, ChangeCause cause) {
    dropped.put(last.id(), timekeeper.nanos());
    tell(Kind.DROPPED, last);
  }

  private boolean isThere(ServiceInstance instance) {
    return view.current().stream().anyMatch(each -> each.id().equals(instance.id()));
  }

  private void tell(Kind kind, ServiceInstance instance) {
    demo.accept(ShopEvent.of(kind).with("service", view.service()).with("instance", instance.id()));
  }
}
