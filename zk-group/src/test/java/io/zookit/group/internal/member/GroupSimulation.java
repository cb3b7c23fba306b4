package io.zookit.group.internal.member;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zookit.core.FencingToken;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.group.Handover;
import io.zookit.group.Member;
import io.zookit.group.MembershipState;
import io.zookit.group.Ownership;
import io.zookit.group.Partition;
import io.zookit.group.PartitionState;
import io.zookit.group.PartitionStatus;
import io.zookit.group.Partitions;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.GroupPlan;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedCurator;
import io.zookit.testkit.internal.sim.SimulatedEnsemble;
import io.zookit.testkit.internal.sim.TreeChange;
import io.zookit.testkit.internal.sim.VirtualProcess;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.jspecify.annotations.Nullable;

/**
 * One run: some processes own the partitions of one group, on an ensemble where things go wrong; then a time of peace, after
 * which every partition must be owned. The seed decides everything.
 *
 * <p>At no time may two processes have a valid partition at once, a token go back, an older owner's fenced write pass, a
 * process delete the claim of another one, or run two handlers of one partition; and no partition may be handed over that no
 * plan gives away whose planner had seen the claim.
 */
final class GroupSimulation {

  private static final ZkPath ROOT = new ZkPath("/zk");
  private static final String RESOURCES = ROOT + "/resources";
  private static final String CLAIMS = ROOT + "/groups/g/~h/1/";
  private static final String PLAN = ROOT + "/groups/g/~plan";
  private static final long SECOND = VirtualTime.SECOND;
  private static final long MILLI = VirtualTime.MILLI;

  /** A process with a member; another one takes its place when it is killed. */
  private final class Participant implements HandlerRunner {
    final SimulatedClient client;
    final String id;
    final MemberLife life;
    final Map<Integer, HandlerRun> runs = new HashMap<>();

    @Nullable
    Ownership ownership;

    Participant(SimulatedClient client, String id) {
      this.client = client;
      this.id = id;
      GroupEngine engine =
          client.engine(GroupEngine.class, core -> new GroupEngine(core, mutation.guards()));
      this.life = engine.join(new GroupNodes(client, "g"), Member.id(id), client.process());
    }

    void own() {
      if (ownership == null && life.state() != MembershipState.LEFT) {
        life.begin(Partitions.of(partitions), Handover.drain(drain), this)
            .whenComplete((owned, failure) -> {
              if (owned != null) {
                ownership = owned;
              } else if (!peace) {
                client.process().within(10 * MILLI, SECOND, this::own);
              } else {
                found(id + " cannot own: " + failure);
              }
            });
      }
    }

    boolean isRefusing(int partition) {
      return life.record(0).refuses(partition);
    }

    boolean isRunning() {
      return !client.process().isFrozen() && !client.process().isKilled();
    }

    @Override
    public RunningHandler start(Partition partition, Consumer<Optional<Throwable>> returned) {
      HandlerRun run = new HandlerRun(this, partition, returned);
      if (runs.put(partition.index(), run) != null) {
        found("two handlers of partition " + partition.index() + " in " + id);
      }
      run.begin();
      return run;
    }

    @Override
    public Executor executor() {
      return client.process();
    }
  }

  /** A handler. */
  private final class HandlerRun implements HandlerRunner.RunningHandler {
    final Participant by;
    final Partition partition;
    final Consumer<Optional<Throwable>> returned;
    boolean over;

    HandlerRun(Participant by, Partition partition, Consumer<Optional<Throwable>> returned) {
      this.by = by;
      this.partition = partition;
      this.returned = returned;
    }

    void begin() {
      started++;
      FencingToken token = partition.token();
      FencingToken before = newest.get(partition.index());
      if (before != null && before.isAfter(token)) {
        found("token of partition " + partition.index() + " went back in " + by.id);
      }
      Participant owner = owners.get(token);
      if (owner != null && owner != by) {
        found("token of partition " + partition.index() + " used twice, by " + by.id);
      }
      owners.put(token, by);
      newest.put(partition.index(), token);
      if (time.chance(0.5)) {
        partition.onRevoke(() -> {
          onRevoked();
          endWithin(3 * SECOND);
        });
      } else {
        partition.onRevoke(this::onRevoked).close(); // has no listener
      }
      work();
    }

    private void onRevoked() {
      boolean isDraining = by.ownership != null
          && by.ownership.partitions().stream()
              .anyMatch(status ->
                  status.index() == partition.index() && status.state() == PartitionState.DRAINING);
      if (isDraining
          && by.life.state() == MembershipState.JOINED
          && !isGivenAway(partition.index(), partition.token().zxid(), by.id)) {
        found("partition " + partition.index() + " is handed over by " + by.id
            + ", and no plan that had seen its claim says so");
      }
      if (isDraining && !peace && time.chance(0.05)) {
        removeClaimBehindItsOwner();
      }
    }

    /** An operator deletes the claim, which its owner learns late: it goes on while the next owner works. */
    private void removeClaimBehindItsOwner() {
      by.client.connection().ifPresent(connection -> {
        connection.server().lag();
        time.within(SECOND, 4 * SECOND, connection.server()::rejoin);
        ensemble.remove(CLAIMS + partition.index() % 16 + "/" + partition.index());
      });
    }

    private void work() {
      by.client.process().within(MILLI, 150 * MILLI, () -> {
        if (over) {
          return;
        }
        if (partition.isValid()) {
          checkAlone();
          if (time.chance(0.3)) {
            partition
                .fenced()
                .setData(
                    RESOURCES + "/" + partition.index(),
                    Long.toString(partition.token().zxid()).getBytes(UTF_8),
                    -1)
                .commit()
                .whenComplete((done, failure) -> written += failure == null ? 1 : 0);
          }
        }
        if (!peace && time.chance(0.004)) {
          end(
              time.chance(0.5)
                  ? Optional.of(new IllegalStateException("made up"))
                  : Optional.empty());
          return;
        }
        work();
      });
    }

    private void checkAlone() {
      for (Participant other : participants) {
        HandlerRun run = other.runs.get(partition.index());
        if (other != by
            && other.isRunning()
            && run != null
            && run.partition.isValid()
            && !removed.contains(run.partition.token().zxid())
            && !removed.contains(partition.token().zxid())) {
          found("partition " + partition.index() + " is valid in " + by.id + " and " + other.id);
        }
      }
    }

    @Override
    public void interrupt() {
      endWithin(time.chance(0.1) ? 12 * SECOND : 300 * MILLI);
    }

    private void endWithin(long most) {
      by.client.process().within(0, most, () -> end(Optional.empty()));
    }

    private void end(Optional<Throwable> failure) {
      if (!over) {
        over = true;
        by.runs.remove(partition.index(), this);
        returned.accept(failure);
      }
    }
  }

  private final VirtualTime time;
  private final GroupMutation mutation;
  private final SimulatedEnsemble ensemble;
  private final long timeout;
  private final int partitions;
  private final Duration drain;
  private final List<Participant> participants = new ArrayList<>();
  private final List<String> findings = new ArrayList<>();
  private final Map<Integer, FencingToken> newest = new TreeMap<>();
  private final Map<FencingToken, Participant> owners = new HashMap<>();
  private final Map<Integer, Long> resources = new HashMap<>();

  /** All that the leader has accepted. */
  private final List<GroupPlan> plans = new ArrayList<>();

  private final Map<String, Long> claims = new HashMap<>();

  /** Claims that an operator has deleted, also with their session: their owners are notified later than others can claim. */
  private final Set<Long> removed = new HashSet<>();

  private boolean peace;
  private boolean stopped;
  private boolean endedByOperator;
  private int made;
  private int started;
  private int written;

  GroupSimulation(long seed, GroupMutation mutation) {
    this.time = new VirtualTime(seed);
    this.mutation = mutation;
    this.ensemble = new SimulatedEnsemble(time, mutation.defects());
    this.timeout = time.between(2 * SECOND, 6 * SECOND);
    this.partitions = 2 + time.below(9);
    this.drain = Duration.ofMillis(time.below(3_000));
  }

  /** The number of handlers that were started. */
  int started() {
    return started;
  }

  /** The number of fenced writes that were made. */
  int written() {
    return written;
  }

  /** Runs it and returns its findings; empty if nothing was wrong. */
  List<String> run() {
    ensemble.operate(List.of(create(ROOT.value()), create(RESOURCES)));
    for (int p = 0; p < partitions; p++) {
      ensemble.operate(List.of(create(RESOURCES + "/" + p)));
    }
    ensemble.record(this::onDecided);
    int processes = 2 + time.below(3);
    for (int i = 0; i < processes; i++) {
      start();
    }
    ensemble.loseAtRandom(time.between(0, 600) / 10_000.0, time.between(0, 600) / 10_000.0);
    for (int i = 4 + time.below(12); i > 0; i--) {
      time.within(0, 25 * SECOND, this::fault);
    }
    time.run(Duration.ofSeconds(25));
    ensemble.loseAtRandom(0, 0);
    time.run(Duration.ofSeconds(15));
    peace = true;
    time.run(Duration.ofSeconds(75));
    requireOwned();
    requireBalanced();
    return findings;
  }

  private static Op create(String path) {
    return Op.create(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
  }

  private void start() {
    SimulatedCurator curator = new SimulatedCurator(new VirtualProcess(time), ensemble, timeout);
    String id = "m" + made++;
    SimulatedClient client =
        new SimulatedClient(id, ROOT, curator, failure -> found("thrown: " + failure));
    Participant participant = new Participant(client, id);
    participants.add(participant);
    curator.connect();
    client.process().within(0, SECOND, participant::own);
  }

  private void fault() {
    if (participants.isEmpty()) {
      start();
      return;
    }
    Participant victim = participants.get(time.below(participants.size()));
    SimulatedCurator curator = victim.client.curator();
    switch (time.below(9)) {
      case 0 -> curator.session().ifPresent(session -> endSession(session.id()));
      case 1 -> victim.client.process().freeze(time.between(0, 9 * SECOND));
      case 2 -> {
        curator.isolate();
        time.within(0, 9 * SECOND, curator::rejoin);
      }
      case 3 ->
        victim.client.connection().ifPresent(connection -> {
          connection.server().lag();
          time.within(0, 3 * SECOND, connection.server()::rejoin);
        });
      case 4 -> restart();
      case 5 -> {
        victim.life.leave();
        replace(victim);
      }
      case 6 -> removeClaim();
      case 7 -> start();
      default -> {
        curator.kill();
        replace(victim);
      }
    }
  }

  private void replace(Participant victim) {
    if (participants.size() > 1 && time.chance(0.5)) {
      time.within(0, 20 * SECOND, () -> participants.remove(victim));
    } else {
      start();
    }
    if (!victim.isRunning()) {
      participants.remove(victim);
    }
  }

  /** An operator ends a session before its timeout, which its client learns when its server does. */
  private void endSession(long id) {
    endedByOperator = true;
    ensemble.end(id);
    endedByOperator = false;
  }

  /** An operator deletes a claim. */
  private void removeClaim() {
    int partition = time.below(partitions);
    ensemble.remove(CLAIMS + partition % 16 + "/" + partition);
  }

  /** Stops all servers for a while, unless they are stopped already: each start needs a stop of its own. */
  private void restart() {
    if (!stopped) {
      stopped = true;
      ensemble.stop();
      time.within(SECOND / 10, 2 * SECOND, () -> {
        stopped = false;
        ensemble.start();
      });
    }
  }

  // What the leader decides.

  private void onDecided(List<TreeChange> changes, long zxid, long session) {
    for (TreeChange change : changes) {
      if (change instanceof TreeChange.RemovedNode gone && gone.path().startsWith(CLAIMS)) {
        onClaimRemoved(gone, session);
      } else if (change instanceof TreeChange.NewNode claim && claim.path().startsWith(CLAIMS)) {
        claims.put(claim.path(), zxid);
      } else if (change instanceof TreeChange.NewData data && data.path().startsWith(RESOURCES)) {
        onWritten(data);
      } else if (change.path().equals(PLAN)) {
        byte[] plan = change instanceof TreeChange.NewData data
            ? data.data()
            : change instanceof TreeChange.NewNode node ? node.data() : new byte[0];
        GroupPlan.decode(plan).ifPresent(plans::add);
      }
    }
  }

  private void onClaimRemoved(TreeChange.RemovedNode gone, long session) {
    Long czxid = claims.remove(gone.path());
    if ((session == SimulatedEnsemble.OPERATOR || endedByOperator) && czxid != null) {
      removed.add(czxid);
    }
    if (session == 0 || session == SimulatedEnsemble.OPERATOR) {
      return;
    }
    int partition = Integer.parseInt(gone.path().substring(gone.path().lastIndexOf('/') + 1));
    if (gone.owner() != session) {
      found("the claim of partition " + partition + " was deleted by another session");
    }
    for (Participant each : participants) {
      HandlerRun run = each.runs.get(partition);
      boolean isOwner = each.client
          .simulatedHandle()
          .map(handle -> handle.sessionId() == session)
          .orElse(false);
      if (isOwner && each.isRunning() && run != null && run.partition.isValid()) {
        found("partition " + partition + " is released by " + each.id + " while it is valid");
      }
    }
  }

  private void onWritten(TreeChange.NewData data) {
    int partition = Integer.parseInt(data.path().substring(RESOURCES.length() + 1));
    long token = Long.parseLong(new String(data.data(), UTF_8));
    Long before = resources.put(partition, token);
    if (before != null && token < before) {
      found("an older owner of partition " + partition + " wrote after a newer one");
    }
  }

  /** Tells if a plan whose planner had seen a claim gives the partition to another member. */
  private boolean isGivenAway(int partition, long czxid, String id) {
    return plans.stream()
        .anyMatch(plan -> plan.hasSeen(partition % 16, czxid)
            && plan.ownerOf(partition).filter(member -> !member.id().equals(id)).isPresent());
  }

  // After a time of peace.

  private void requireOwned() {
    Map<Integer, String> owned = new TreeMap<>();
    int joined = 0;
    for (Participant each : participants) {
      if (each.isRunning() && each.life.state() == MembershipState.JOINED) {
        joined++;
        if (each.ownership != null) {
          for (PartitionStatus status : each.ownership.partitions()) {
            if (status.state() == PartitionState.OWNED) {
              owned.put(status.index(), each.id);
            }
          }
        }
      }
    }
    if (joined > 0 && owned.size() != partitions) {
      found("owned after peace: " + owned + " of " + partitions + " by " + joined + " members");
    }
  }

  /**
   * Finds members that own two partitions more than another one, unless the other one refuses all that it could get: the last
   * resort of a plan is to leave a partition where it is.
   */
  private void requireBalanced() {
    Map<Participant, Set<Integer>> owned = new LinkedHashMap<>();
    for (Participant each : participants) {
      if (each.isRunning() && each.life.state() == MembershipState.JOINED) {
        Set<Integer> indexes = new TreeSet<>();
        Ownership ownership = each.ownership;
        if (ownership != null) {
          ownership.partitions().forEach(status -> indexes.add(status.index()));
        }
        owned.put(each, indexes);
      }
    }
    owned.forEach((more, indexes) -> owned.forEach((less, few) -> {
      if (indexes.size() - few.size() > 1
          && indexes.stream().anyMatch(partition -> !less.isRefusing(partition))) {
        found("not balanced after peace: " + more.id + " has " + indexes + ", " + less.id + " "
            + few + " of " + partitions);
      }
    }));
  }

  private void found(String finding) {
    findings.add(time.nanos() / MILLI + " ms: " + finding);
  }
}
