package io.zookit.registry.internal;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.registry.InstanceStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.registry.internal.store.StoredInstance;
import io.zookit.testkit.internal.sim.SimulatedEnsemble;
import io.zookit.testkit.internal.sim.SimulatedTree;
import io.zookit.testkit.internal.sim.TreeChange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The instances of one service according to the leader, computed apart from the registry from every change that the
 * leader decides. Each registration of a simulation has an address of its own.
 */
final class RegistryTruth implements SimulatedEnsemble.Journal {

  /** A node of an instance. */
  record InstanceNode(String path, ServiceInstance instance, long session, long czxid) {

    String address() {
      return instance.address();
    }
  }

  private final String service;
  private final String prefix;
  private final Consumer<String> findings;
  private final Map<String, InstanceNode> live = new LinkedHashMap<>();
  private final Set<String> goodbyes = new HashSet<>();

  RegistryTruth(String root, String service, Consumer<String> findings) {
    this.service = service;
    this.prefix = root + "/services/" + service + "/~b";
    this.findings = findings;
  }

  /** The nodes that exist, in the order of their creation. */
  List<InstanceNode> live() {
    return List.copyOf(live.values());
  }

  List<InstanceNode> at(String address) {
    return live.values().stream().filter(node -> node.address().equals(address)).toList();
  }

  /** Tells if the registration of an address has stored that it is leaving. */
  boolean hasSaidGoodbye(String address) {
    return goodbyes.contains(address);
  }

  /** The instances that every view is to show in the end: the newest node of each id, in the order of the ids. */
  List<ServiceInstance> instances() {
    Map<String, InstanceNode> newest = new TreeMap<>();
    live.values().stream()
        .sorted(Comparator.comparingLong(InstanceNode::czxid).thenComparing(InstanceNode::path))
        .forEach(node -> newest.put(node.instance.id(), node));
    List<ServiceInstance> instances = new ArrayList<>();
    newest.values().forEach(node -> instances.add(node.instance));
    return instances;
  }

  @Override
  public void decided(List<TreeChange> changes, long zxid, long session) {
    for (TreeChange change : changes) {
      String path = change.path();
      if (path.startsWith(prefix) && path.indexOf('/', prefix.length()) > 0) {
        if (change instanceof TreeChange.NewNode node) {
          created(node, zxid);
        } else if (change instanceof TreeChange.NewData data) {
          written(path, data.data());
        } else if (change instanceof TreeChange.RemovedNode) {
          live.remove(path);
        }
      }
    }
  }

  private void created(TreeChange.NewNode node, long zxid) {
    ServiceInstance instance = instance(node.path(), node.data());
    String address = instance.address();
    if (goodbyes.contains(address)) {
      findings.accept("registered again after its goodbye: " + instance);
    }
    for (InstanceNode other : at(address)) {
      if (other.session == node.owner()) {
        findings.accept("two nodes of one registration: " + other.path + " and " + node.path());
      }
    }
    live.put(node.path(), new InstanceNode(node.path(), instance, node.owner(), zxid));
    noteGoodbye(instance);
  }

  private void written(String path, byte[] data) {
    InstanceNode before = live.get(path);
    if (before != null) {
      ServiceInstance instance = instance(path, data);
      if (hasSaidGoodbye(before.address()) && instance.status() != InstanceStatus.LEAVING) {
        findings.accept("back after its goodbye: " + instance);
      }
      live.put(path, new InstanceNode(path, instance, before.session, before.czxid));
      noteGoodbye(instance);
    }
  }

  private void noteGoodbye(ServiceInstance instance) {
    if (instance.status() == InstanceStatus.LEAVING) {
      goodbyes.add(instance.address());
    }
  }

  private ServiceInstance instance(String path, byte[] data) {
    NodeName name = NodeName.parse(SimulatedTree.nameOf(path)).orElseThrow();
    return ((Decoded.Value<ServiceInstance>) StoredInstance.decode(service, name, data)).value();
  }
}
