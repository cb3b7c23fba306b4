package io.zookit.benchmarks.config;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.History;
import io.zookit.config.Namespace;
import io.zookit.core.ZkClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** Publishers with a connection each, and what they publish to. */
interface ConfigRace extends AutoCloseable {

  /** Publishes once, retrying as long as another publisher was faster. */
  void publish(int publisher, String content) throws Exception;

  /** Fails unless exactly {@code releases} releases exist, without a gap. */
  void requireWhole(int releases) throws Exception;

  /** Connects all of an implementation: {@code zookit} or {@code peer}. */
  static ConfigRace connect(String implementation, String address, int publishers)
      throws Exception {
    return implementation.equals("zookit")
        ? new Stores(address, publishers)
        : new ByHand(address, publishers);
  }

  /** Zookit. */
  final class Stores implements ConfigRace {
    private static final Change BY = Change.by("bench");

    private final List<ZkClient> clients = new ArrayList<>();
    private final List<ConfigStore> stores = new ArrayList<>();
    private final Namespace namespace =
        Namespace.of("bench", "race", "r" + ProcessHandle.current().pid());

    Stores(String address, int publishers) throws InterruptedException {
      for (int i = 0; i < publishers; i++) {
        clients.add(ZkClient.connect(address));
        stores.add(ConfigStore.in(clients.get(i)));
      }
      stores.get(0).create(namespace, BY);
    }

    @Override
    public void publish(int publisher, String content) throws InterruptedException {
      stores.get(publisher).update(namespace, stable -> stable.with("who", content), BY);
    }

    @Override
    public void requireWhole(int releases) throws InterruptedException {
      History history = stores.get(0).history(namespace);
      int found = history.releases(releases + 1).size();
      if (found != releases || !history.verify().problems().isEmpty()) {
        throw new IllegalStateException(found + " releases (expected: " + releases + "), "
            + history.verify().problems());
      }
    }

    @Override
    public void close() {
      clients.forEach(ZkClient::close);
    }
  }

  /**
   * The same on the plain ZooKeeper API: reads the head and changes it, on condition of its version, together with the
   * release and the history entry. It keeps the same data: a number without gaps, an id that could resolve a lost
   * response, and a history in which each entry has the checksum of the previous one.
   */
  final class ByHand implements ConfigRace {
    private final List<CuratorFramework> clients = new ArrayList<>();
    private final String top = "/bench-by-hand-" + ProcessHandle.current().pid();

    ByHand(String address, int publishers) throws Exception {
      for (int i = 0; i < publishers; i++) {
        CuratorFramework client =
            CuratorFrameworkFactory.newClient(address, new ExponentialBackoffRetry(100, 5));
        client.start();
        clients.add(client);
      }
      for (String folder : List.of("", "/releases", "/audit")) {
        clients.get(0).create().forPath(top + folder, new byte[0]);
      }
      clients.get(0).create().forPath(top + "/head", text("0 none none"));
    }

    @Override
    public void publish(int publisher, String content) throws Exception {
      ZooKeeper zk = clients.get(publisher).getZookeeperClient().getZooKeeper();
      boolean done = false;
      while (!done) {
        done = attempt(zk, content);
      }
    }

    private boolean attempt(ZooKeeper zk, String content) throws Exception {
      Stat stat = new Stat();
      String head = new String(zk.getData(top + "/head", false, stat), StandardCharsets.US_ASCII);
      String[] words = head.split(" ", 0);
      int next = Integer.parseInt(words[0]) + 1;
      String number = String.format("%010d", next);
      String id = UUID.randomUUID().toString();
      String release = number + " " + id + " " + words[1] + "\nwho=" + content;
      String audit = number + " " + id + " " + words[2];
      String changed = next + " " + sum(release) + " " + sum(audit) + " " + id;
      try {
        zk.multi(List.of(
            Op.setData(top + "/head", text(changed), stat.getVersion()),
            create("/releases/" + number, release),
            create("/audit/" + number, audit)));
        return true;
      } catch (KeeperException.BadVersionException | KeeperException.NodeExistsException e) {
        return false; // another publisher was faster
      }
    }

    @Override
    public void requireWhole(int releases) throws Exception {
      int found = clients.get(0).getChildren().forPath(top + "/releases").size();
      if (found != releases) {
        throw new IllegalStateException(found + " releases (expected: " + releases + ")");
      }
    }

    @Override
    public void close() {
      clients.forEach(CuratorFramework::close);
    }

    private Op create(String path, String text) {
      return Op.create(top + path, text(text), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    private static String sum(String text) throws NoSuchAlgorithmException {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(text(text));
      return HexFormat.of().formatHex(sum);
    }

    private static byte[] text(String text) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
  }
}
