package io.zookit.group.internal.planner;

import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.GroupPlan;
import io.zookit.group.internal.store.GroupReads;
import io.zookit.group.internal.store.HeldClaim;
import io.zookit.group.internal.store.MemberNode;
import io.zookit.group.internal.store.PinsRecord;
import io.zookit.group.internal.store.SeenSpec;
import io.zookit.group.internal.store.SpecRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a plan follows from, behind a {@code sync}: partitions, plan, members and claims. A bucket is read whole when the
 * transaction that changed its children last is another one than before. One read at a time, in one session, on the loop.
 *
 * <p><i>Cost:</i> two round trips, three if claims have changed: a request for each bucket, and one for 128 members or claims.
 */
public final class PlanInputs {

  /**
   * The state of a group as it was read.
   *
   * @param plan the one in force; null if there is none that can be read
   * @param planVersion of the node of the plan; −1 if it does not exist
   * @param isPlanReadable false if the plan is damaged, or of a newer version that this one must not replace
   * @param seen of each bucket the newest transaction that changed its children
   * @param pins moves by operators; none if they cannot be read
   * @param pinsVersion of their node; −1 if it does not exist
   */
  public record SeenGroup(
      SeenSpec spec,
      @Nullable GroupPlan plan,
      int planVersion,
      boolean isPlanReadable,
      List<MemberNode> members,
      List<HeldClaim> claims,
      List<Long> seen,
      PinsRecord pins,
      int pinsVersion) {}

  private record BucketClaims(long pzxid, List<HeldClaim> claims) {}

  private final GroupNodes nodes;
  private final SessionHandle handle;
  private final GroupReads reads;
  private final Map<Integer, BucketClaims> buckets = new HashMap<>();
  private int epoch;

  /** Creates reads of a session. */
  public PlanInputs(GroupNodes nodes, SessionHandle handle) {
    this.nodes = nodes;
    this.handle = handle;
    this.reads = new GroupReads(nodes, handle);
  }

  /** One read, until its last answer. */
  private final class GroupRead {
    final Consumer<Answer<SeenGroup>> reply;

    @Nullable
    SeenSpec spec;

    @Nullable
    GroupPlan plan;

    int planVersion = -1;
    boolean isPlanReadable = true;
    PinsRecord pins = PinsRecord.NONE;
    int pinsVersion = -1;
    List<MemberNode> members = List.of();
    int open;

    @Nullable
    Code failure;

    GroupRead(Consumer<Answer<SeenGroup>> reply) {
      this.reply = reply;
    }

    void fail(Answer<?> answer) {
      failure = answer.code();
    }

    void end() {
      if (--open > 0) {
        return;
      }
      Code failed = failure;
      if (failed != null) {
        reply.accept(Answer.of(failed));
        return;
      }
      List<HeldClaim> claims = new ArrayList<>();
      List<Long> seen = new ArrayList<>();
      SeenSpec read = Objects.requireNonNull(spec);
      for (int b = 0; b < read.record().buckets(); b++) {
        BucketClaims bucket = Objects.requireNonNull(buckets.get(b));
        claims.addAll(bucket.claims);
        seen.add(bucket.pzxid);
      }
      reply.accept(Answer.ok(new SeenGroup(
          read, plan, planVersion, isPlanReadable, members, claims, seen, pins, pinsVersion)));
    }
  }

  /**
   * Reads everything.
   *
   * @param reply receives it; or the code of a refusal, {@code NONODE} if the group has no partitions yet
   */
  public void read(Consumer<Answer<SeenGroup>> reply) {
    GroupRead read = new GroupRead(reply);
    handle.sync(nodes.members(), synced -> {});
    reads.spec(spec -> {
      if (!spec.isOk()) {
        reply.accept(new Answer<>(spec.code(), null, spec.sent()));
        return;
      }
      read.spec = spec.get();
      readRest(read, spec.get().record());
    });
  }

  private void readRest(GroupRead read, SpecRecord spec) {
    if (spec.epoch() != epoch) {
      buckets.clear();
      epoch = spec.epoch();
    }
    read.open = 3 + spec.buckets();
    handle.getData(nodes.plan(), null, answer -> {
      if (answer.isOk()) {
        read.planVersion = answer.get().stat().getVersion();
        read.plan = GroupPlan.decode(answer.get().data()).orElse(null);
        read.isPlanReadable = read.plan != null;
      } else if (answer.code() != Code.NONODE) {
        read.fail(answer);
      }
      read.end();
    });
    handle.getData(nodes.pins(), null, answer -> {
      if (answer.isOk()) {
        read.pinsVersion = answer.get().stat().getVersion();
        read.pins = reads.pins(answer.get().data());
      } else if (answer.code() != Code.NONODE) {
        read.fail(answer);
      }
      read.end();
    });
    reads.members(answer -> {
      if (answer.isOk()) {
        read.members = answer.get();
      } else {
        read.fail(answer);
      }
      read.end();
    });
    for (int b = 0; b < spec.buckets(); b++) {
      readBucket(read, spec, b);
    }
  }

  private void readBucket(GroupRead read, SpecRecord spec, int bucket) {
    handle.getChildren(nodes.bucket(spec, bucket), null, listed -> {
      if (!listed.isOk()) {
        read.fail(listed);
        read.end();
        return;
      }
      long pzxid = listed.get().stat().getPzxid();
      BucketClaims known = buckets.get(bucket);
      if (known != null && known.pzxid == pzxid) {
        read.end();
        return;
      }
      reads.claims(spec, bucket, listed.get().names(), claims -> {
        if (claims.isOk()) {
          // A claim that ended meanwhile is missing, and one that came is not seen: both are later.
          buckets.put(bucket, new BucketClaims(pzxid, claims.get()));
        } else {
          read.fail(claims);
        }
        read.end();
      });
    });
  }
}
