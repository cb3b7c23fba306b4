package io.zookit.group.internal.planner;

import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.NodeFollower;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.internal.planner.PlanInputs.SeenGroup;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.GroupPlan;
import io.zookit.group.internal.store.MemberNode;
import io.zookit.group.internal.store.SpecRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The member that plans, from the moment at which it is the oldest one until its node or its session ends.
 *
 * <pre>
 *   a watch fires, a timer is due ──► read all behind a sync ──► PlanRules ──► multi[check(~m/me), setData(~plan, version)]
 * </pre>
 *
 * <p>Orphans are planned at once, passes are at least 200 ms apart. The balance is restored a second after the last change of
 * the members, at the latest after ten. While no claim stands, as in a new group, it waits for a second without a join, at
 * most five, but not if all members of the last plan are back.
 *
 * <p>A pass that is due for five seconds and has not ended makes it step down.
 *
 * <p><i>Threads:</i> on the loop, but for the rules, which run on a lane of their own.
 *
 * <p><i>Cost:</i> a watch on the members, the partitions, the moves by operators and each bucket; see {@link PlanInputs} for a pass.
 */
public final class GroupPlanner implements Subscription {

  private static final Logger log = LoggerFactory.getLogger(GroupPlanner.class);
  private static final long SECOND = 1_000_000_000L;
  private static final long APART = 200_000_000L;
  private static final long OLDEST_INPUT = SECOND / 2;
  private static final Duration LONGEST_PASS = Duration.ofSeconds(5);

  /** Receives what happens to the planner, on the loop. */
  public interface Listener {

    /** Its place is lost: it takes the last one. */
    void stepDown();

    /** Members were read. */
    void onMembers(List<MemberNode> members);
  }

  private final CoreClient client;
  private final GroupNodes nodes;
  private final SessionHandle handle;
  private final String key;
  private final Executor lane;
  private final Listener listener;
  private final Scope scope;
  private final PlanInputs inputs;
  private final PlannerMemory memory;
  private Scope watches;
  private int watchedEpoch;
  private @Nullable Subscription timer;
  private long timerDue;
  private @Nullable Subscription watchdog;
  private boolean reading;
  private boolean again;
  private long passed;
  private boolean warned;

  /**
   * Creates a planner that has not begun.
   *
   * @param key the name of the member's node
   * @param lane runs the rules
   */
  public GroupPlanner(
      GroupNodes nodes,
      SessionHandle handle,
      String key,
      Executor lane,
      Listener listener,
      Scope owner) {
    this.client = nodes.client();
    this.nodes = nodes;
    this.handle = handle;
    this.key = key;
    this.lane = lane;
    this.listener = listener;
    this.scope = owner.child();
    this.watches = scope.child();
    this.inputs = new PlanInputs(nodes, handle);
    this.memory = new PlannerMemory(nodes.toString(), this::now, this::passAt);
    this.passed = now() - APART;
  }

  /** Begins to plan. */
  public void start() {
    log.info("{}: {} plans", nodes, key);
    NodeFollower<SessionHandle.Children> follower = NodeFollower.ofUnsharedChildren(
        client, nodes.members(), scope.wrap((Answer<SessionHandle.Children> state) -> trigger()));
    scope.own(follower);
    follower.onConnected(handle);
    NodeFollower<SessionHandle.Node> pins = NodeFollower.ofUnsharedData(
        client, nodes.pins(), scope.wrap((Answer<SessionHandle.Node> state) -> trigger()));
    scope.own(pins);
    pins.onConnected(handle);
    NodeFollower<SessionHandle.Node> spec = NodeFollower.ofUnsharedData(
        client, nodes.spec(), scope.wrap((Answer<SessionHandle.Node> state) -> trigger()));
    scope.own(spec);
    spec.onConnected(handle);
    trigger();
  }

  @Override
  public void close() {
    scope.close();
  }

  private long now() {
    return client.timekeeper().nanos();
  }

  /** Something may have changed. */
  public void trigger() {
    if (!scope.isOpen()) {
      return;
    }
    startWatchdog();
    if (reading) {
      again = true;
    } else {
      passAt(passed + APART);
    }
  }

  private void startWatchdog() {
    if (watchdog == null) {
      watchdog = scope.after(LONGEST_PASS, () -> {
        log.warn("{}: {} could not plan for {}, another member does", nodes, key, LONGEST_PASS);
        close();
        listener.stepDown();
      });
    }
  }

  private void passAt(long due) {
    Subscription set = timer;
    if (set != null) {
      if (timerDue <= due) {
        return;
      }
      set.close();
    }
    timerDue = due;
    timer = scope.after(Duration.ofNanos(Math.max(0, due - now())), () -> {
      timer = null;
      pass();
    });
  }

  private void pass() {
    if (reading) {
      again = true;
      return;
    }
    if (!handle.isConnected()) {
      return; // triggered again by the reconnect
    }
    reading = true;
    again = false;
    long began = now();
    inputs.read(scope.wrap((Answer<SeenGroup> answer) -> {
      if (answer.isOk()) {
        onRead(began, answer.get());
      } else {
        if (answer.code() != Code.NONODE && answer.isAnswered()) {
          log.debug("{}: cannot be read: {}", nodes, answer.code());
        }
        end(answer.code() == Code.NONODE);
      }
    }));
  }

  /** Ends a pass; one that did not succeed is repeated. */
  private void end(boolean succeeded) {
    reading = false;
    passed = now();
    if (succeeded && watchdog != null) {
      watchdog.close();
      watchdog = null;
    }
    if (again || !succeeded) {
      startWatchdog();
      again = false;
      passAt(passed + APART);
    }
  }

  private void onRead(long began, SeenGroup group) {
    watchBuckets(group.spec().record());
    listener.onMembers(group.members());
    if (!scope.isOpen()) {
      return;
    }
    if (!group.isPlanReadable()) {
      if (!warned) {
        log.error(
            "{}: its plan is damaged or was written by a newer version: nothing is planned."
                + " Delete {} to have it planned anew",
            nodes,
            nodes.plan());
      }
      warned = true;
      end(true);
      return;
    }
    warned = false;
    if (!client.isTrusted()) {
      end(true);
      passAt(now() + SECOND);
      return;
    }
    Optional<SpecRecord> next = group.spec().record().nextEpoch();
    if (next.isPresent()) {
      beginEpoch(group, next.get());
      return;
    }
    memory.note(group);
    Instant wall = client.timekeeper().now();
    Map<Integer, String> pins = new HashMap<>();
    group.pins().inForce(wall).forEach((partition, pin) -> pins.put(partition, pin.member()));
    group
        .pins()
        .nextEnd(wall)
        .ifPresent(end -> passAt(now() + Duration.between(wall, end).toNanos()));
    PlanInput input = new PlanInput(
        key,
        group.spec().record(),
        group.members(),
        group.claims(),
        group.seen(),
        group.plan(),
        pins,
        memory.kept(group),
        memory.unresponsive(),
        true);
    boolean isBalanceDue = memory.isCold() || memory.isBalanceDue();
    lane.execute(() -> {
      GroupPlan balanced = PlanRules.next(input);
      GroupPlan urgent = isBalanceDue ? balanced : PlanRules.next(input.balancing(false));
      client
          .loop()
          .execute(
              scope.wrap(() -> onPlanned(began, group, input, balanced, urgent, isBalanceDue)));
    });
  }

  private void onPlanned(
      long began,
      SeenGroup group,
      PlanInput input,
      GroupPlan balanced,
      GroupPlan urgent,
      boolean isBalanceDue) {
    Long due = memory.waitsUntil();
    if (due != null && now() < due && !isComplete(group)) {
      end(true);
      passAt(due);
      return;
    }
    if (PlanOrders.isInForce(input, balanced)) {
      memory.noteBalance(false);
      end(true);
      return;
    }
    memory.noteBalance(!isBalanceDue);
    if (!isBalanceDue && PlanOrders.isOrdered(input, urgent)) {
      end(true);
      return;
    }
    GroupPlan next = isBalanceDue ? balanced : urgent;
    if (now() - began > OLDEST_INPUT) {
      end(false);
    } else {
      write(group, next);
    }
  }

  /** Begins the next epoch if no claim stands; the end of each claim triggers a pass. */
  private void beginEpoch(SeenGroup group, SpecRecord next) {
    memory.suspend();
    if (!group.claims().isEmpty()) {
      end(true);
      return;
    }
    List<Op> ops = new ArrayList<>();
    ops.add(Op.check(nodes.member(key).value(), -1));
    ops.addAll(nodes.beginEpoch(group.spec(), next));
    handle.multi(ops, scope.wrap((Answer<List<OpResult>> answer) -> {
      if (answer.isOk()) {
        log.info("{}: {} partitions from now on", nodes, next.count());
        EpochRecords.delete(nodes, handle, group.spec().record());
      }
      end(false); // the next pass reads the new epoch, or the claim that was made meanwhile
    }));
  }

  /** Tells if all members of the last plan are back. */
  private static boolean isComplete(SeenGroup group) {
    GroupPlan plan = group.plan();
    Set<String> ids = new HashSet<>();
    group.members().forEach(member -> ids.add(member.id()));
    return plan != null
        && !plan.header().members().isEmpty()
        && plan.header().members().stream().allMatch(member -> ids.contains(member.id()));
  }

  private void write(SeenGroup group, GroupPlan plan) {
    byte[] data = plan.encode();
    List<Op> ops = List.of(
        Op.check(nodes.member(key).value(), -1),
        group.planVersion() < 0
            ? nodes.create(nodes.plan(), data)
            : Op.setData(nodes.plan().value(), data, group.planVersion()));
    handle.multi(ops, scope.wrap((Answer<List<OpResult>> answer) -> {
      if (answer.isOk()) {
        client.meters().count("zookit.group.plans", 1);
        log.debug("{}: {} written", nodes, plan);
        end(true);
        passAt(now() + PlannerMemory.CHECK_CLAIMS); // what it gives away should be claimed by then
      } else if (Multi.isRefusedAt(0, answer)) {
        close(); // the own node does not exist: another member plans
        listener.stepDown();
      } else {
        end(false); // lost, or another planner was faster: the next pass reads which plan is in
        // force
      }
    }));
  }

  // Watches.

  private void watchBuckets(SpecRecord spec) {
    if (spec.epoch() == watchedEpoch) {
      return;
    }
    watchedEpoch = spec.epoch();
    watches.close();
    watches = scope.child();
    List<NodeFollower<SessionHandle.Children>> followers = new ArrayList<>();
    for (int b = 0; b < spec.buckets(); b++) {
      NodeFollower<SessionHandle.Children> follower = NodeFollower.ofUnsharedChildren(
          client,
          nodes.bucket(spec, b),
          watches.wrap((Answer<SessionHandle.Children> state) -> trigger()));
      watches.own(follower);
      followers.add(follower);
    }
    followers.forEach(follower -> follower.onConnected(Objects.requireNonNull(handle)));
  }
}
