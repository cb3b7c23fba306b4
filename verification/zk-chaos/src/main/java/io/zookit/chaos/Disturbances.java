package io.zookit.chaos;

import io.zookit.testkit.Op;
import io.zookit.testkit.ZkProcesses;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;

/** The faults of servers, of processes and of what is between them. */
final class Disturbances {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Disturbances() {}

  /** kill -9 of a client at any moment. */
  static Disturbance kill(Ground ground) {
    return Disturbance.named("kill -9 of a client", random -> {
      Member member = ground.any(random);
      boolean alive = member.child().isAlive();
      member.replace();
      return new Disturbance.Hit(member.toString(), alive);
    });
  }

  /** SIGSTOP of a client for longer than its session. */
  static Disturbance pause(Ground ground) {
    return pause(ground, ground.members());
  }

  /** The same for one of some clients. */
  static Disturbance pause(Ground ground, List<Member> some) {
    return untilExpiry(
        "pause of a client",
        ground,
        among(some),
        member -> member.child().pause(),
        member -> member.child().resume());
  }

  /** Nothing passes between one client and all servers, for longer than its session. */
  static Disturbance isolate(Ground ground) {
    return isolate(ground, ground.members());
  }

  /** The same for one of some clients. */
  static Disturbance isolate(Ground ground, List<Member> some) {
    return untilExpiry("partition of a client", ground, among(some), Member::isolate, Member::heal);
  }

  private static Function<Random, Member> among(List<Member> some) {
    return random -> some.get(random.nextInt(some.size()));
  }

  private static Disturbance untilExpiry(
      String kind,
      Ground ground,
      Function<Random, Member> whom,
      Consumer<Member> strike,
      Consumer<Member> release) {
    return Disturbance.named(kind, random -> {
      Member member = whom.apply(random);
      long expired = ground.servers().expiredSessions();
      strike.accept(member);
      boolean landed = awaitExpiry(ground, expired);
      Stopwatch.pause(upTo(1000, random));
      release.accept(member);
      return new Disturbance.Hit(member.toString(), landed);
    });
  }

  /** Waits until a session has expired; false when none did in time. */
  static boolean awaitExpiry(Ground ground, long before) throws InterruptedException {
    return Stopwatch.await(
        Ground.SESSION.plus(Ground.TWO_TICKS).multipliedBy(2),
        () -> ground.servers().expiredSessions() > before);
  }

  /** All connections of a client are closed. */
  static Disturbance cut(Ground ground) {
    return Disturbance.named("connection cut", random -> {
      Member member = ground.any(random);
      return new Disturbance.Hit(member.toString(), member.cut() > 0);
    });
  }

  /** A connection ends right before a request of one of these kinds or in place of its answer. */
  static Disturbance cutAtRequest(Ground ground, Op... kinds) {
    return cutAtRequest(ground.members(), () -> {}, kinds);
  }

  /**
   * The same for one of some clients.
   *
   * @param provoke brings such requests about
   */
  static Disturbance cutAtRequest(List<Member> some, Runnable provoke, Op... kinds) {
    return cutAtRequest(among(some), provoke, kinds);
  }

  /** The same for a client that is chosen when the fault begins. */
  static Disturbance cutAtRequest(Function<Random, Member> whom, Runnable provoke, Op... kinds) {
    List<Op> cuts = List.of(kinds);
    return Disturbance.named("cut at a request", random -> {
      Member member = whom.apply(random);
      Op op = cuts.get(random.nextInt(cuts.size()));
      boolean landed = member.cutAt(op, random.nextBoolean(), provoke, Duration.ofSeconds(3));
      return new Disturbance.Hit(member + " " + op, landed);
    });
  }

  /** kill -9 of the leader, which comes back a little later. */
  static Disturbance killLeader(Ground ground) {
    return Disturbance.named(
        "kill -9 of the leader",
        random -> hitLeader(ground, leader -> {
          ground.servers().kill(leader);
          Stopwatch.pause(upTo(2500, random));
          ground.servers().restart(leader);
        }));
  }

  /** The leader stands still until there is another. */
  static Disturbance pauseLeader(Ground ground) {
    return Disturbance.named(
        "pause of the leader",
        random -> hitLeader(ground, leader -> {
          ground.servers().pause(leader);
          Stopwatch.pause(Duration.ofSeconds(3).plus(upTo(1500, random)));
          ground.servers().resume(leader);
        }));
  }

  /** Two of three servers are gone for a while. */
  static Disturbance loseQuorum(Ground ground) {
    return Disturbance.named(
        "quorum lost",
        random ->
            hitLeader(ground, loseQuorum(ground, Duration.ofSeconds(1).plus(upTo(3000, random)))));
  }

  /** The same for longer than the sessions, so that clients give them up while no server may end them. */
  static Disturbance loseQuorumFor(Ground ground, Duration outage) {
    return Disturbance.named("quorum lost for " + outage.toSeconds() + " s", random -> {
      Disturbance.Hit hit = hitLeader(ground, loseQuorum(ground, outage));
      boolean serves = ground.servers().awaitServing(PATIENCE); // slow machines start slowly
      return new Disturbance.Hit(hit.target(), hit.landed() && serves);
    });
  }

  private static OnLeader loseQuorum(Ground ground, Duration outage) {
    return leader -> {
      int other = (leader + 1) % ground.servers().size();
      ground.servers().kill(leader);
      ground.servers().kill(other);
      Stopwatch.pause(outage);
      ground.servers().restart(leader);
      ground.servers().restart(other);
    };
  }

  /** Each server is stopped in an orderly way and started again, one after the other. */
  static Disturbance rollingRestart(Ground ground) {
    return Disturbance.named(
        "rolling restart",
        random -> hitLeader(ground, leader -> {
          ZkProcesses servers = ground.servers();
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
  static Disturbance fillDisk(Ground ground, Disk disk, int server) {
    return Disturbance.named("disk full", random -> {
      ZkProcesses servers = ground.servers();
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
      return new Disturbance.Hit(what, landed && servers.awaitServing(PATIENCE));
    });
  }

  private interface OnLeader {
    void hit(int leader) throws InterruptedException;
  }

  private static Disturbance.Hit hitLeader(Ground ground, OnLeader fault)
      throws InterruptedException {
    ZkProcesses servers = ground.servers();
    if (!servers.awaitServing(PATIENCE) || servers.awaitLeader(PATIENCE).isEmpty()) {
      return new Disturbance.Hit("no leader", false);
    }
    int leader = servers.leader().orElse(0);
    long elections = servers.elections();
    fault.hit(leader);
    boolean landed = Stopwatch.await(PATIENCE, () -> servers.elections() > elections);
    return new Disturbance.Hit("server " + leader, landed);
  }

  private static Duration upTo(int millis, Random random) {
    return Duration.ofMillis(random.nextInt(millis));
  }
}
