package io.zookit.chaos.config;

import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.ChildWork;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.config.ConfigStore;
import io.zookit.config.Namespace;
import io.zookit.core.ZkClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.KeeperException;

/**
 * Child JVM whose threads publish to one namespace, each until a given number of its publishes were acknowledged;
 * every attempt has a value of its own. The control increments a node without checking its version.
 */
final class ConfigRacer {

  static final Namespace NAMESPACE = Namespace.of("prod", "chaos", "race");

  /** Printed when a thread has had enough acknowledged. */
  static final String DONE = "done ";

  /** Printed when the control received the confirmation of an increment. */
  static final String COUNTED = "counted ";

  /** Node that the control increments, as decimal text. */
  static final String CONTROL = "/counted";

  private static final int THREADS = 2;
  private static final int RETRY_MILLIS = 100;

  private final ConfigStore store;
  private final CuratorFramework curator;
  private final ChildWork work;
  private final long wanted;

  private ConfigRacer(ConfigStore store, CuratorFramework curator, ChildWork work, long wanted) {
    this.store = store;
    this.curator = curator;
    this.work = work;
    this.wanted = wanted;
  }

  /** Arguments: those of a {@link ChildArguments}, and how many acknowledged publishes each thread wants. */
  public static void main(String[] args) throws Exception {
    ChildWork work = ChildWork.begin();
    ChildArguments arguments = ChildArguments.of(args);
    try (ZkClient zk = arguments.start();
        CuratorFramework curator = CuratorFrameworkFactory.newClient(
            arguments.addresses(), new RetryOneTime(RETRY_MILLIS))) {
      curator.start();
      ConfigStore store = ConfigStore.builder(zk).timeout(Duration.ofSeconds(5)).build();
      ConfigRacer racer =
          new ConfigRacer(store, curator, work, Long.parseLong(arguments.more().get(0)));
      for (int i = 1; i <= THREADS; i++) {
        String name = arguments.life() + "-" + i;
        work.daemon(name, () -> racer.race(name));
      }
      work.awaitEnd();
    }
    ChildWork.end();
  }

  private void race(String name) throws Exception {
    Random random = new Random(name.hashCode());
    long acked = 0;
    for (int attempt = 1; acked < wanted && work.isOn(); attempt++) {
      String came = ConfigPublisher.publish(store, NAMESPACE, name + "-" + attempt);
      System.out.println(came);
      acked += came.startsWith(ConfigPublisher.ACKED) ? 1 : 0;
      count(name);
      Stopwatch.pause(Duration.ofMillis(random.nextInt(10)));
    }
    System.out.println(DONE + name);
  }

  private void count(String name) throws Exception {
    try {
      String before = new String(curator.getData().forPath(CONTROL), StandardCharsets.UTF_8);
      String after = String.valueOf(Long.parseLong(before) + 1);
      curator.setData().forPath(CONTROL, after.getBytes(StandardCharsets.UTF_8));
      System.out.println(COUNTED + name);
    } catch (KeeperException e) {
      System.out.println("not counted: " + e.getMessage());
    }
  }

  /** Returns the number of racing threads in a process. */
  static int threads() {
    return THREADS;
  }
}
