package io.zookit.benchmarks.group;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.curator.framework.recipes.nodes.PersistentNode;
import org.apache.curator.retry.RetryForever;
import org.apache.zookeeper.CreateMode;

/**
 * Member of the peer: a persistent ephemeral node, a cache of all of them, and the partitions whose number modulo the members
 * is its place among them. No claims, no tokens, no handover: two members own a partition while their lists differ.
 */
final class ModuloMember implements AutoCloseable {

  private static final String FOLDER = "/bench-members";
  private static final int CONNECT_MILLIS = 15_000;
  private static final int RETRY_MILLIS = 100;

  private final String id;
  private final int partitions;
  private final PartitionStarts starts;
  private final CuratorFramework curator;
  private final PersistentNode node;
  private final CuratorCache members;
  private Set<Integer> owned = Set.of();

  ModuloMember(
      String id, String address, int sessionMillis, int partitions, PartitionStarts starts) {
    this.id = id;
    this.partitions = partitions;
    this.starts = starts;
    this.curator = CuratorFrameworkFactory.newClient(
        address, sessionMillis, CONNECT_MILLIS, new RetryForever(RETRY_MILLIS));
    curator.start();
    this.node =
        new PersistentNode(curator, CreateMode.EPHEMERAL, false, FOLDER + "/" + id, new byte[0]);
    this.members = CuratorCache.build(curator, FOLDER);
    members
        .listenable()
        .addListener(CuratorCacheListener.builder()
            .forInitialized(this::assign)
            .forAll((type, old, data) -> assign())
            .afterInitialized()
            .build());
  }

  ModuloMember start() {
    node.start();
    members.start();
    return this;
  }

  private synchronized void assign() {
    List<String> all = members.stream()
        .map(data -> data.getPath())
        .filter(path -> path.length() > FOLDER.length())
        .sorted()
        .toList();
    int place = all.indexOf(FOLDER + "/" + id);
    Set<Integer> now = new HashSet<>();
    for (int p = 0; place >= 0 && p < partitions; p++) {
      if (p % all.size() == place) {
        now.add(p);
        if (!owned.contains(p)) {
          starts.onStart(p, id);
        }
      }
    }
    owned = now;
  }

  @Override
  public void close() throws Exception {
    members.close();
    node.close();
    curator.close();
  }
}
