package io.zookit.group.internal.inspect;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.audit.AuditedChange;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.GroupMismatchException;
import io.zookit.group.GroupNotFoundException;
import io.zookit.group.GroupReport;
import io.zookit.group.MemberReport;
import io.zookit.group.PartitionPin;
import io.zookit.group.PartitionReport;
import io.zookit.group.internal.planner.PlanInputs;
import io.zookit.group.internal.planner.PlanInputs.SeenGroup;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.GroupPlan.PlannedMember;
import io.zookit.group.internal.store.HeldClaim;
import io.zookit.group.internal.store.MemberNode;
import io.zookit.group.internal.store.MemberRecord.PartitionRefusal;
import io.zookit.group.internal.store.PinsRecord;
import io.zookit.group.internal.store.PinsRecord.StoredPin;
import io.zookit.group.internal.store.SpecRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;

/**
 * Requests of an operator about one group.
 *
 * <p><i>Threads:</i> any; the futures complete on the loop.
 */
public final class GroupAdmin {

  private static final Duration LONGEST_MOVE = Duration.ofDays(366);
  private static final int MOST_TRIES = 10;

  private final GroupNodes nodes;
  private final CoreClient client;

  /** The requests about a group. */
  public GroupAdmin(GroupNodes nodes) {
    this.nodes = nodes;
    this.client = nodes.client();
  }

  /** Checks the time of a move. */
  public static void requirePinned(Duration time) {
    if (time.isNegative() || time.isZero() || time.compareTo(LONGEST_MOVE) > 0) {
      throw new IllegalArgumentException(
          "time: " + time + " (expected: more than zero, at most " + LONGEST_MOVE + ")");
    }
  }

  private static <T> CompletableFuture<T> onLoop(
      CoreClient client, Object about, Function<SessionHandle, CompletableFuture<T>> request) {
    return BlockingCalls.onLoop(client, about, request, ZkUnavailableException::new);
  }

  /** Reads the names of all groups. */
  public static CompletableFuture<List<String>> list(CoreClient client) {
    ZkPath folder = GroupNodes.folder(client);
    return onLoop(client, folder, handle -> {
      CompletableFuture<List<String>> done = new CompletableFuture<>();
      handle.sync(folder, synced -> {});
      handle.list(folder, listed -> {
        if (listed.code() == Code.NONODE) {
          done.complete(List.of());
        } else if (!listed.isOk()) {
          done.completeExceptionally(KeeperErrors.of(listed, folder));
        } else {
          done.complete(listed.get().stream()
              .filter(name -> ZkPath.isName(name, name.length()))
              .sorted()
              .toList());
        }
      });
      return done;
    });
  }

  private CompletableFuture<SeenGroup> read(SessionHandle handle) {
    CompletableFuture<SeenGroup> done = new CompletableFuture<>();
    new PlanInputs(nodes, handle).read(answer -> {
      if (answer.isOk()) {
        done.complete(answer.get());
      } else if (answer.code() == Code.NONODE) {
        done.completeExceptionally(new GroupNotFoundException(nodes + ": has no partitions"));
      } else {
        done.completeExceptionally(KeeperErrors.of(answer, nodes.path()));
      }
    });
    return done;
  }

  /** Reads the group. */
  public CompletableFuture<GroupReport> show() {
    return onLoop(client, nodes, handle -> read(handle).thenApply(this::report));
  }

  /** Gives a partition to a member for a time. */
  public CompletableFuture<GroupReport> move(int partition, String member, Duration time) {
    AuditedChange change = AuditedChange.of("group.move", nodes.name())
        .with("partition " + partition + " to " + member + " for " + time);
    return change(change, (group, now) -> {
      requirePartition(group, partition);
      requireMember(group, member);
      Instant until = now.plus(time).truncatedTo(ChronoUnit.MILLIS);
      PinsRecord next = group.pins().with(new StoredPin(partition, member, until), now);
      if (next.pins().size() > PinsRecord.MOST_PINS) {
        throw new GroupMismatchException(nodes + ": " + next.pins().size()
            + " moves in force (expected: at most " + PinsRecord.MOST_PINS + ")");
      }
      return Optional.of(next);
    });
  }

  /** Ends the move of a partition. */
  public CompletableFuture<GroupReport> endMove(int partition) {
    AuditedChange change =
        AuditedChange.of("group.end-move", nodes.name()).with("partition " + partition);
    return change(
        change,
        (group, now) -> group.pins().inForce(now).containsKey(partition)
            ? Optional.of(group.pins().without(partition, now))
            : Optional.empty());
  }

  private static void requirePartition(SeenGroup group, int partition) {
    int count = group.spec().record().count();
    if (partition < 0 || partition >= count) {
      throw new IllegalArgumentException(
          "partition: " + partition + " (expected: 0 to " + (count - 1) + ")");
    }
  }

  private static void requireMember(SeenGroup group, String id) {
    List<String> present = group.members().stream()
        .filter(member -> member.record().isJoined())
        .map(MemberNode::id)
        .distinct()
        .sorted()
        .toList();
    if (!present.contains(id)) {
      throw new IllegalArgumentException("member: " + id + " (expected: one of " + present + ")");
    }
  }

  /** Replaces the moves, again if another change was faster. */
  private CompletableFuture<GroupReport> change(
      AuditedChange change, BiFunction<SeenGroup, Instant, Optional<PinsRecord>> rule) {
    return onLoop(
        client,
        nodes,
        handle -> change(handle, change, rule, MOST_TRIES)
            .thenCompose(changed -> read(handle))
            .thenApply(this::report));
  }

  private CompletableFuture<Boolean> change(
      SessionHandle handle,
      AuditedChange change,
      BiFunction<SeenGroup, Instant, Optional<PinsRecord>> rule,
      int tries) {
    return read(handle).thenCompose(group -> {
      Optional<PinsRecord> next = rule.apply(group, client.timekeeper().now());
      if (next.isEmpty()) {
        return CompletableFuture.completedFuture(false);
      }
      byte[] data = PinsRecord.CODEC.encode(next.get());
      Op write = group.pinsVersion() < 0
          ? nodes.create(nodes.pins(), data)
          : Op.setData(nodes.pins().value(), data, group.pinsVersion());
      return commit(handle, change, write, nodes.pins()).thenCompose(code -> {
        boolean isFirst = group.pinsVersion() < 0; // another change may have created the node since
        boolean isOvertaken = code == Code.BADVERSION || (isFirst && code != Code.OK);
        return isOvertaken && tries > 1
            ? change(handle, change, rule, tries - 1)
            : requireOk(code, nodes.pins());
      });
    });
  }

  private static CompletableFuture<Boolean> requireOk(Code code, ZkPath path) {
    return code == Code.OK
        ? CompletableFuture.completedFuture(true)
        : CompletableFuture.failedFuture(KeeperErrors.of(code, path));
  }

  /** Makes a change; the future has the code of what was refused, and fails without an answer. */
  private CompletableFuture<Code> commit(
      SessionHandle handle, AuditedChange change, Op op, ZkPath path) {
    CompletableFuture<Code> done = new CompletableFuture<>();
    client.audit().commit(handle, change, List.of(op), answer -> {
      if (answer.isAnswered()) {
        done.complete(answer.code());
      } else {
        done.completeExceptionally(KeeperErrors.of(answer, path));
      }
    });
    return done;
  }

  /** Changes the number of partitions. */
  public CompletableFuture<GroupReport> resize(int count) {
    AuditedChange change =
        AuditedChange.of("group.resize", nodes.name()).with(count + " partitions");
    return onLoop(
        client,
        nodes,
        handle -> resize(handle, change, count, MOST_TRIES)
            .thenCompose(changed -> read(handle))
            .thenApply(this::report));
  }

  private CompletableFuture<Boolean> resize(
      SessionHandle handle, AuditedChange change, int count, int tries) {
    return read(handle).thenCompose(group -> {
      SpecRecord stored = group.spec().record();
      SpecRecord next = stored.withNext(count);
      if (next.equals(stored)) {
        return CompletableFuture.completedFuture(false);
      }
      Op write = Op.setData(
          nodes.spec().value(), SpecRecord.CODEC.encode(next), group.spec().version());
      return commit(handle, change, write, nodes.spec())
          .thenCompose(code -> code == Code.BADVERSION && tries > 1
              ? resize(handle, change, count, tries - 1)
              : requireOk(code, nodes.spec()));
    });
  }

  /** Deletes the plan. */
  public CompletableFuture<GroupReport> replan() {
    AuditedChange change = AuditedChange.of("group.replan", nodes.name());
    return onLoop(
        client,
        nodes,
        handle -> read(handle)
            .thenCompose(
                group -> commit(handle, change, Op.delete(nodes.plan().value(), -1), nodes.plan()))
            .thenCompose(code -> requireOk(code == Code.NONODE ? Code.OK : code, nodes.plan()))
            .thenCompose(deleted -> read(handle))
            .thenApply(this::report));
  }

  private GroupReport report(SeenGroup group) {
    Map<Integer, HeldClaim> claims = new HashMap<>();
    group.claims().forEach(claim -> claims.put(claim.partition(), claim));
    Map<Integer, StoredPin> pins = group.pins().inForce(client.timekeeper().now());
    List<PartitionReport> partitions = new ArrayList<>();
    for (int p = 0; p < group.spec().record().count(); p++) {
      partitions.add(
          report(group, p, Optional.ofNullable(claims.get(p)), Optional.ofNullable(pins.get(p))));
    }
    return new GroupReport(
        nodes.name(),
        Optional.ofNullable(group.spec().record().next()),
        group.plan() == null ? 0 : group.plan().header().seq(),
        group.isPlanReadable(),
        members(group),
        partitions);
  }

  private PartitionReport report(
      SeenGroup group, int partition, Optional<HeldClaim> claim, Optional<StoredPin> pin) {
    return new PartitionReport(
        partition,
        Optional.ofNullable(group.plan())
            .flatMap(plan -> plan.ownerOf(partition))
            .map(PlannedMember::id),
        claim.map(HeldClaim::holder).map(MemberNode::idOf),
        claim.map(held -> new FencingToken(client.incarnation(), held.czxid(), 0)),
        pin.map(stored -> new PartitionPin(partition, stored.member(), stored.until())));
  }

  private static List<MemberReport> members(SeenGroup group) {
    List<MemberNode> members = new ArrayList<>(group.members());
    members.sort((one, other) -> Long.compareUnsigned(one.czxid(), other.czxid()));
    List<MemberReport> reports = new ArrayList<>();
    for (MemberNode member : members) {
      int owned = (int) group.claims().stream()
          .filter(claim -> claim.holder().equals(member.key()))
          .count();
      Long room = member.record().room();
      reports.add(new MemberReport(
          member.id(),
          member.nonce(),
          !member.record().isJoined(),
          reports.isEmpty(),
          member.record().weight(),
          Optional.ofNullable(member.record().zone()),
          room == null ? OptionalLong.empty() : OptionalLong.of(room),
          member.record().refuses().stream().map(PartitionRefusal::partition).toList(),
          owned,
          member.record().label()));
    }
    return reports;
  }
}
