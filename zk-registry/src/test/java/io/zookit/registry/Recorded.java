package io.zookit.registry;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records the calls of a registry's observer and its listeners. */
public final class Recorded implements RegistryObserver, ServiceListener {

  private final List<String> lines = new CopyOnWriteArrayList<>();

  /** Returns the recorded calls, oldest first. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  long count(String start) {
    return lines.stream().filter(line -> line.startsWith(start)).count();
  }

  void clear() {
    lines.clear();
  }

  @Override
  public void onAdded(ServiceInstance instance, ChangeCause cause) {
    lines.add("added " + instance.id() + " " + instance.address() + " " + cause);
  }

  @Override
  public void onChanged(ServiceInstance before, ServiceInstance after, ChangeCause cause) {
    lines.add("changed " + after.id() + " " + after.address() + " " + after.status() + " " + cause);
  }

  @Override
  public void onRemoved(ServiceInstance last, ChangeCause cause) {
    lines.add("removed " + last.id() + " " + last.address() + " " + cause);
  }

  @Override
  public void onRegistered(ServiceInstance instance) {
    lines.add("registered " + instance.id());
  }

  @Override
  public void onRetry(ServiceInstance instance, String reason) {
    lines.add("retry " + instance.id() + " " + reason);
  }

  @Override
  public void onMissing(ServiceInstance instance, String reason) {
    lines.add("missing " + instance.id() + " " + reason);
  }

  @Override
  public void onConflict(String service, String id, String newer, String older) {
    lines.add("conflict " + id + " " + newer + " " + older);
  }

  @Override
  public void onLeaving(ServiceInstance instance, Duration grace) {
    lines.add("leaving " + instance.id() + " " + grace);
  }

  @Override
  public void onGone(ServiceInstance instance) {
    lines.add("gone " + instance.id());
  }

  @Override
  public void onViewLive(String service, int instances) {
    lines.add("live " + service + " " + instances);
  }

  @Override
  public void onViewStale(String service) {
    lines.add("stale " + service);
  }

  @Override
  public void onViewFailed(String service, String reason) {
    lines.add("failed " + service + " " + reason);
  }

  @Override
  public void onConfirmedDead(String service, String id, String reason) {
    lines.add("buried " + id + " " + reason);
  }

  @Override
  public void onSkipped(String service, String node, String reason) {
    lines.add("skipped " + node.substring(node.lastIndexOf('/') + 1) + " " + reason);
  }
}
