package io.zookit.benchmarks.group;

import io.zookit.benchmarks.measure.ScenarioSetup;
import io.zookit.benchmarks.measure.VoidRunException;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.group.Group;
import io.zookit.group.Handover;
import io.zookit.group.Member;
import io.zookit.group.Membership;
import io.zookit.group.Partition;
import io.zookit.group.Partitions;
import io.zookit.testkit.FaultProxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/** The scenarios of {@code zookit bench group}, which run in a child JVM: sixteen members, each with a connection. */
final class GroupScenarios {

  private static final String NAME = "bench";
  private static final int MEMBERS = 16;
  private static final Duration SESSION = Duration.ofSeconds(4);
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration QUIET = Duration.ofSeconds(3);
  private static final Duration POLL = Duration.ofMillis(1);

  private final Timekeeper clock = Timekeeper.system();
  private final ScenarioSetup setup;
  private final PartitionStarts starts;

  GroupScenarios(ScenarioSetup setup) {
    this.setup = setup;
    this.starts = new PartitionStarts(setup.size());
  }

  Map<String, Double> run() throws Exception {
    return switch (setup.nameAfter(GroupRows.PREFIX)) {
      case "death" -> death();
      case "join" -> join();
      default -> throw new IllegalArgumentException("scenario: " + setup.scenario());
    };
  }

  /** Measures the time from the silence of a member until its last partition is owned by others. */
  private Map<String, Double> death() throws Exception {
    FaultProxy proxy = FaultProxy.to(setup.firstServer());
    for (int i = 1; i < MEMBERS; i++) {
      join(name(i), setup.address());
    }
    String victim = name(MEMBERS);
    join(victim, proxy.connectString());
    awaitBalance(MEMBERS);
    int orphans = starts.loads().getOrDefault(victim, 0);
    long begin = clock.nanos();
    proxy.blackHole();
    await(() -> !starts.loads().containsKey(victim));
    return Map.of("orphans", (double) orphans, "millis", (starts.newest() - begin) / 1e6);
  }

  /** Counts the partitions that move when a member joins, and those that move to another member than that one. */
  private Map<String, Double> join() throws Exception {
    for (int i = 1; i <= MEMBERS; i++) {
      join(name(i), setup.address());
    }
    awaitBalance(MEMBERS);
    int before = starts.count();
    String joiner = name(MEMBERS + 1);
    join(joiner, setup.address());
    awaitBalance(MEMBERS + 1);
    List<PartitionStarts.Start> moves = starts.after(before);
    long interrupted =
        moves.stream().filter(start -> !start.member().equals(joiner)).count();
    return Map.of("moved", (double) moves.size(), "interrupted", (double) interrupted);
  }

  /** Waits until the members own equally many partitions and nothing moves. */
  private void awaitBalance(int members) throws InterruptedException {
    double quota = setup.size() / (double) members;
    await(() -> {
      Map<String, Integer> loads = starts.loads();
      return loads.size() == members
          && loads.values().stream().allMatch(load -> Math.abs(load - quota) <= 1)
          && clock.nanos() - starts.newest() > QUIET.toNanos();
    });
  }

  private void await(BooleanSupplier condition) throws InterruptedException {
    long end = clock.nanos() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (clock.nanos() - end > 0) {
        throw new VoidRunException("not within " + LIMIT + ": " + starts.loads());
      }
      clock.sleep(POLL);
    }
  }

  private static String name(int member) {
    return String.format("m%02d", member);
  }

  private void join(String id, String address) throws InterruptedException {
    if (!setup.isZookit()) {
      new ModuloMember(id, address, (int) SESSION.toMillis(), setup.size(), starts).start();
      return;
    }
    ZkClient client =
        ZkClient.builder(address).sessionTimeout(SESSION).connectTimeout(LIMIT).connect();
    Membership member = Group.named(NAME, client).join(Member.id(id)).awaitJoined(LIMIT);
    member.own(
        Partitions.of(setup.size()),
        partition -> work(partition, id),
        Handover.drain(Duration.ofSeconds(10)));
  }

  private void work(Partition partition, String id) throws InterruptedException {
    starts.onStart(partition.index(), id);
    new CountDownLatch(1).await();
  }
}
