package io.zookit.samples.quickstart;

import io.zookit.core.FencingToken;
import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.lock.election.Candidacy;
import io.zookit.lock.election.LeaderElection;
import io.zookit.lock.election.Leadership;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.lock.inspect.LockReport;
import io.zookit.testkit.ZkServer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Elects a master, switches to the standby on purpose, and back when that one leaves. */
public final class ElectionSample {

  private static final String ELECTION = "sample/master";

  private final BlockingQueue<Map.Entry<String, Leadership>> elected = new LinkedBlockingQueue<>();
  private FencingToken epoch = new FencingToken(0, 0, 0);

  /** Runs the sample. */
  public static void main(String[] args) throws Exception {
    try (ZkServer server = args.length == 0 ? ZkServer.start() : null) {
      String servers = server == null ? args[0] : server.connectString();
      try (ZkClient one = ZkClient.connect(servers);
          ZkClient two = ZkClient.connect(servers)) {
        new ElectionSample().run(one, two);
      }
    }
  }

  private void run(ZkClient one, ZkClient two) throws Exception {
    try (Candidacy first = join("node-1", one)) {
      Leadership term = awaitMaster(first.label());
      try (Candidacy second = join("node-2", two)) {
        awaitStandby(two);
        System.out.println("node-2 stands by");
        term.transferTo(second.label(), Duration.ofSeconds(30)).get(30, TimeUnit.SECONDS);
        System.out.println("switching to node-2; node-1 may act as master: " + term.isValid());
        awaitMaster(second.label());
      }
      System.out.println("node-2 leaves");
      awaitMaster(first.label());
    }
  }

  private Candidacy join(String node, ZkClient zk) {
    return LeaderElection.named(ELECTION, zk)
        .join(node, term -> elected.add(Map.entry(node, term)));
  }

  private static void awaitStandby(ZkClient zk) throws Exception {
    try (LiveValue<LockReport> queue = LockInspector.in(zk).watch(ELECTION)) {
      CompletableFuture<LockReport.Entry> second = new CompletableFuture<>();
      queue.subscribe(report -> report.entries().stream().skip(1).forEach(second::complete));
      second.get(30, TimeUnit.SECONDS);
    }
  }

  private Leadership awaitMaster(String node) throws InterruptedException {
    Map.Entry<String, Leadership> next = elected.poll(30, TimeUnit.SECONDS);
    if (next == null
        || !next.getKey().equals(node)
        || next.getValue().epoch().compareTo(epoch) <= 0) {
      throw new IllegalStateException(node + " is not master after epoch " + epoch + ": " + next);
    }
    epoch = next.getValue().epoch();
    System.out.println(node + " is master, epoch " + epoch);
    return next.getValue();
  }
}
