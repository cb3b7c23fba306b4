package io.zookit.registry;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A view, the changes its listener received, and every error observed in it at any time. */
final class ObservedView implements ServiceListener {

  final ServiceView view;
  private final Map<String, ServiceInstance> told = new ConcurrentSkipListMap<>();
  private final List<String> wrong = new CopyOnWriteArrayList<>();

  ObservedView(ServiceView view) {
    this.view = view;
    view.subscribe(this::look);
    view.subscribe(this);
  }

  private void look(List<ServiceInstance> instances) {
    Set<String> ids = new HashSet<>();
    if (instances.isEmpty()) {
      wrong.add("empty");
    }
    instances.stream()
        .filter(each -> !ids.add(each.id()))
        .forEach(each -> wrong.add("twice: " + each));
  }

  /** Returns all errors observed so far. */
  List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** Returns whether the view shows exactly these instances, apart from those in quarantine. */
  boolean shows(Map<String, ServiceInstance> tree) {
    return view.age().isZero() && equalsApartFromVanished(view.current(), tree);
  }

  /**
   * Returns whether the changes its listener received amount to exactly these instances, apart from those in
   * quarantine.
   */
  boolean hasTold(Map<String, ServiceInstance> tree) {
    return equalsApartFromVanished(told.values(), tree);
  }

  private boolean equalsApartFromVanished(
      Collection<ServiceInstance> some, Map<String, ServiceInstance> tree) {
    Set<String> vanished = new HashSet<>();
    view.vanished().forEach(each -> vanished.add(each.id()));
    return some.stream()
        .filter(each -> !vanished.contains(each.id()))
        .toList()
        .equals(List.copyOf(tree.values()));
  }

  @Override
  public void onAdded(ServiceInstance instance, ChangeCause cause) {
    told.put(instance.id(), instance);
  }

  @Override
  public void onChanged(ServiceInstance before, ServiceInstance after, ChangeCause cause) {
    told.replace(after.id(), before, after);
  }

  @Override
  public void onRemoved(ServiceInstance last, ChangeCause cause) {
    told.remove(last.id(), last);
  }

  @Override
  public void onRotation(List<ServiceInstance> inRotation) {
    if (inRotation.isEmpty()) {
      wrong.add("nobody in rotation");
    }
  }
}
