package io.zookit.registry;

import static org.awaitility.Awaitility.await;

import io.zookit.registry.internal.store.NodeName;
import io.zookit.testkit.FaultProxy;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.ZooKeeper;

/**
 * Observer as naive clients implement it: one watch, whose events are taken for the truth. It is cut off like the other
 * observers, and has to be wrong afterwards.
 */
final class NaiveObserver implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final FaultProxy proxy;
  private final ZooKeeper zooKeeper;
  private final Set<String> known = new ConcurrentSkipListSet<>();

  /** Shares the server of a party. */
  NaiveObserver(Party beside, String service) throws Exception {
    proxy = FaultProxy.to("127.0.0.1:" + beside.proxy.port());
    zooKeeper = new ZooKeeper(proxy.connectString(), 60_000, event -> {});
    await().atMost(PATIENCE).until(() -> zooKeeper.getState().isConnected());
    zooKeeper.addWatch(service, this::onEvent, AddWatchMode.PERSISTENT_RECURSIVE);
    for (String bucket : zooKeeper.getChildren(service, false)) {
      known.addAll(zooKeeper.getChildren(service + "/" + bucket, false));
    }
  }

  private void onEvent(WatchedEvent event) {
    String path = event.getPath();
    if (path != null) {
      String name = path.substring(path.lastIndexOf('/') + 1);
      switch (event.getType()) {
        case NodeCreated -> known.add(name);
        case NodeDeleted -> known.remove(name);
        default -> {}
      }
    }
  }

  /** Returns whether it shows something else than the given names after all its events have arrived. */
  boolean isWrong(Set<String> names) {
    await().atMost(PATIENCE).ignoreExceptions().until(() -> zooKeeper.exists("/", false) != null);
    Set<String> nodes = new ConcurrentSkipListSet<>(known);
    nodes.removeIf(name -> NodeName.parse(name).isEmpty());
    return !nodes.equals(names);
  }

  @Override
  public void close() throws Exception {
    proxy.heal();
    zooKeeper.close();
    proxy.close();
  }
}
