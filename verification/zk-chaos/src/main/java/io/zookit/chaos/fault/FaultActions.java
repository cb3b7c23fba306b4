package io.zookit.chaos.fault;

import io.zookit.chaos.experiment.ClientProcess;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.chaos.experiment.Testbed;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkProcesses;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;

/** The faults of servers, of processes and of what is between them. */
public final class FaultActions {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private FaultActions() {}

  /** kill -9 of a client at any moment. */
  public static FaultAction kill(Testbed testbed) {
    return FaultAction.named("kill -9 of a client", random -> kill(testbed.any(random)));
  }

  /**
   * The same, which is over when the next process has started: the recovery does not include the time that a
   * busy machine takes for that.
   *
   * @param started a line that it prints then
   */
  public static FaultAction kill(Testbed testbed, String started) {
    return FaultAction.named("kill -9 of a client", random -> {
      ClientProcess member = testbed.any(random);
      FaultAction.Hit hit = kill(member);
      member.child().awaitLine(started::equals, PATIENCE);
      return hit;
    });
  }

  private static FaultAction.Hit kill(ClientProcess member) {
    boolean alive = member.child().isAlive();
    member.replace();
    return new FaultAction.Hit(member.toString(), alive);
  }

  /** SIGSTOP of a client for longer than its session. */
  public static FaultAction pause(Testbed testbed) {
    return pause(testbed, testbed.members());
  }

  /** The same for one of some clients. */
  public static FaultAction pause(Testbed testbed, List<ClientProcess> some) {
    return untilExpiry(
        "pause of a client",
        testbed,
        among(some),
        member -> member.child().pause(),
        member -> member.child().resume());
  }

  /** Nothing passes between one client and all servers, for longer than its session. */
  public static FaultAction isolate(Testbed testbed) {
    return isolate(testbed, testbed.members());
  }

  /** The same for one of some clients. */
  public static FaultAction isolate(Testbed testbed, List<ClientProcess> some) {
    return untilExpiry(
        "partition of a client", testbed, among(some), ClientProcess::isolate, ClientProcess::heal);
  }

  private static Function<Random, ClientProcess> among(List<ClientProcess> some) {
    return random -> some.get(random.nextInt(some.size()));
  }

  private static FaultAction untilExpiry(
      String kind,
      Testbed testbed,
      Function<Random, ClientProcess> whom,
      Consumer<ClientProcess> injectOne,
      Consumer<ClientProcess> release) {
    return FaultAction.named(kind, random -> {
      ClientProcess member = whom.apply(random);
      long expired = testbed.servers().expiredSessions();
      injectOne.accept(member);
      boolean landed = awaitExpiry(testbed, expired);
      Stopwatch.pause(upTo(1000, random));
      release.accept(member);
      return new FaultAction.Hit(member.toString(), landed);
    });
  }

  /** Waits until a session has expired; false when none did in time. */
  public static boolean awaitExpiry(Testbed testbed, long before) throws InterruptedException {
    return Stopwatch.await(
        Testbed.SESSION.plus(Testbed.TWO_TICKS).multipliedBy(2),
        () -> testbed.servers().expiredSessions() > before);
  }

  /** All connections of a client are closed. */
  public static FaultAction cut(Testbed testbed) {
    return FaultAction.named("connection cut", random -> {
      ClientProcess member = testbed.any(random);
      return new FaultAction.Hit(member.toString(), member.cut() > 0);
    });
  }

  /** A connection ends right before a request of one of these kinds or in place of its answer. */
  public static FaultAction cutAtRequest(Testbed testbed, Op... kinds) {
    return cutAtRequest(testbed.members(), () -> {}, kinds);
  }

  /**
   * The same for one of some clients.
   *
   * @param provoke brings such requests about
   */
  public static FaultAction cutAtRequest(List<ClientProcess> some, Runnable provoke, Op... kinds) {
    return cutAtRequest(among(some), provoke, kinds);
  }

  /** The same for a client that is chosen when the fault begins. */
  public static FaultAction cutAtRequest(
      Function<Random, ClientProcess> whom, Runnable provoke, Op... kinds) {
    List<Op> cuts = List.of(kinds);
    return FaultAction.named("cut at a request", random -> {
      ClientProcess member = whom.apply(random);
      Op op = cuts.get(random.nextInt(cuts.size()));
      boolean landed = member.cutAt(op, random.nextBoolean(), provoke, Duration.ofSeconds(3));
      return new FaultAction.Hit(member + " " + op, landed);
    });
  }

  /** A connection ends in place of the answer to a request, which the servers have carried out. */
  public static FaultAction loseAnswer(Testbed testbed, Op op) {
    return FaultAction.named("answer lost", random -> {
      ClientProcess member = testbed.any(random);
      boolean landed = member.cutAt(op, false, () -> {}, Duration.ofSeconds(3));
      return new FaultAction.Hit(member + " " + op, landed);
    });
  }

  /** kill -9 of the leader, which comes back a little later. */
  public static FaultAction killLeader(Testbed testbed) {
    return FaultAction.named(
        "kill -9 of the leader",
        random -> hitLeader(testbed, leader -> {
          testbed.servers().kill(leader);
          Stopwatch.pause(upTo(2500, random));
          testbed.servers().restart(leader);
        }));
  }

  /** The leader stands still until there is another. */
  public static FaultAction pauseLeader(Testbed testbed) {
    return FaultAction.named(
        "pause of the leader",
        random -> hitLeader(testbed, leader -> {
          testbed.servers().pause(leader);
          Stopwatch.pause(Duration.ofSeconds(3).plus(upTo(1500, random)));
          testbed.servers().resume(leader);
        }));
  }

  /** Two of three servers are gone for a while. */
  public static FaultAction loseQuorum(Testbed testbed) {
    return FaultAction.named(
        "quorum lost",
        random -> hitLeader(
            testbed, loseQuorum(testbed, Duration.ofSeconds(1).plus(upTo(3000, random)))));
  }

  /** The same for longer than the sessions, so that clients give them up while no server may end them. */
  public static FaultAction loseQuorumFor(Testbed testbed, Duration outage) {
    return FaultAction.named(
        "quorum lost for " + outage.toSeconds() + " s",
        random -> hitLeader(testbed, loseQuorum(testbed, outage)));
  }

  private static LeaderFault loseQuorum(Testbed testbed, Duration outage) {
    return leader -> {
      int other = (leader + 1) % testbed.servers().size();
      testbed.servers().kill(leader);
      testbed.servers().kill(other);
      Stopwatch.pause(outage);
      testbed.servers().restart(leader);
      testbed.servers().restart(other);
    };
  }

  /** Each server is stopped in an orderly way and started again, one after the other. */
  public static FaultAction rollingRestart(Testbed testbed) {
    return FaultAction.named(
        "rolling restart",
        random -> hitLeader(testbed, leader -> {
          ZkProcesses servers = testbed.servers();
          for (int i = 1; i <= servers.size(); i++) {
            int next = (leader + i) % servers.size();
            servers.stop(next);
            servers.restart(next);
            if (!servers.awaitServing(PATIENCE)) {
              throw new IllegalStateException("server " + next + " does not come back");
            }
          }
        }));
  }

  /**
   * The disk of a server is full until it has noticed. Then there is space again, and an operator starts the server, with
   * new data when it does not serve with what it could write last.
   */
  public static FaultAction fillDisk(Testbed testbed, SmallDisk disk, int server) {
    return FaultAction.named("disk full", random -> {
      ZkProcesses servers = testbed.servers();
      boolean leads = servers.awaitLeader(PATIENCE).orElse(-1) == server;
      long before = disk.complaints(servers.log(server));
      disk.fill();
      boolean landed =
          Stopwatch.await(PATIENCE, () -> disk.complaints(servers.log(server)) > before);
      Stopwatch.pause(upTo(1000, random));
      disk.free();
      servers.restart(server);
      boolean serves = servers.awaitServing(PATIENCE) && servers.isRunning(server);
      if (!serves) {
        servers.kill(server);
        servers.wipe(server);
        servers.restart(server);
      }
      String what = "server " + server + (leads ? ", leading" : "") + (serves ? "" : ", wiped");
      return new FaultAction.Hit(what, landed && servers.awaitServing(PATIENCE));
    });
  }

  private interface LeaderFault {
    void hit(int leader) throws InterruptedException;
  }

  private static FaultAction.Hit hitLeader(Testbed testbed, LeaderFault fault)
      throws InterruptedException {
    ZkProcesses servers = testbed.servers();
    if (!servers.awaitServing(PATIENCE) || servers.awaitLeader(PATIENCE).isEmpty()) {
      return new FaultAction.Hit("no leader", false);
    }
    int leader = servers.leader().orElse(0);
    long elections = servers.elections();
    fault.hit(leader);
    boolean landed = Stopwatch.await(PATIENCE, () -> servers.elections() > elections);
    landed &= servers.awaitServing(PATIENCE); // what follows is our recovery, not the servers'
    return new FaultAction.Hit("server " + leader, landed);
  }

  private static Duration upTo(int millis, Random random) {
    return Duration.ofMillis(random.nextInt(millis));
  }
}
