package io.zookit.samples.shop;

import io.zookit.samples.shop.ShopEventLog.ReportedEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import io.zookit.testkit.ZkProcesses;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/** Scene of the ZooKeeper servers: kills the leader, then the majority, while orders flow. */
public final class ServerScene {

  private final ZkProcesses servers;
  private final ShopEventLog log;
  private final BoundedWait wait;
  private final SceneNotes notes;

  /** Creates a scene. */
  public ServerScene(ZkProcesses servers, ShopEventLog log, BoundedWait wait, SceneNotes notes) {
    this.servers = servers;
    this.log = log;
    this.wait = wait;
    this.notes = notes;
  }

  /**
   * Plays the scene.
   *
   * @param outage how long there is no majority before servers are started again
   */
  public void play(Duration outage) throws Exception {
    killLeader();
    servers.heal();
    killMajority(outage);
  }

  private void killLeader() throws Exception {
    long expired = servers.expiredSessions();
    int leader = awaitLeader();
    Duration kill = log.now();
    servers.kill(leader);
    notes.fault("killed ZooKeeper server " + nameOf(leader) + " (kill -9), the leader of "
        + servers.size());
    int next = awaitLeader();
    Duration elected = log.now();
    ReportedEvent order = awaitOrder(elected);
    notes.progress("server " + nameOf(next) + " leads " + millis(kill, elected)
        + " ms later, an order is confirmed " + millis(kill, order.at()) + " ms after the kill; "
        + (servers.expiredSessions() - expired) + " sessions ended");
  }

  private void killMajority(Duration outage) throws Exception {
    int leader = awaitLeader();
    int other = (leader + 1) % servers.size();
    Duration kill = log.now();
    for (int server : List.of(leader, other)) {
      servers.kill(server);
    }
    notes.fault("killed servers " + nameOf(leader) + " and " + nameOf(other) + " of "
        + servers.size() + " (kill -9): no majority, so no lock and no number is granted");
    wait.rest(outage);
    long confirmed = since(kill, Kind.ACKNOWLEDGED);
    servers.heal();
    Duration healed = log.now();
    ReportedEvent order = awaitOrder(healed);
    notes.progress(confirmed + " orders were confirmed in the " + outage.toMillis()
        + " ms without a majority; " + since(kill, Kind.DROPPED)
        + " services were dropped by a caller");
    notes.progress("started both again: a majority after " + millis(kill, healed)
        + " ms, an order is confirmed " + millis(healed, order.at()) + " ms later");
  }

  private int awaitLeader() throws InterruptedException {
    OptionalInt leader = servers.awaitLeader(BoundedWait.LIMIT);
    return leader.orElseThrow(() -> new DemoException("no ZooKeeper server leads"));
  }

  private ReportedEvent awaitOrder(Duration since) throws Exception {
    return wait.until(
        "a confirmed order",
        BoundedWait.LIMIT,
        () -> log.first(Kind.ACKNOWLEDGED, entry -> entry.at().compareTo(since) > 0));
  }

  private long since(Duration moment, Kind kind) {
    return log.all(kind).filter(entry -> entry.at().compareTo(moment) > 0).count();
  }

  /** Servers are numbered from 1 for people. */
  private static int nameOf(int server) {
    return server + 1;
  }

  private static long millis(Duration from, Duration to) {
    return to.minus(from).toMillis();
  }
}
