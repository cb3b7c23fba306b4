package io.zookit.group.internal.store;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.HeaderAndPayload;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which member is to own each partition, in {@code groups/<g>/~plan}: a header in one line, and a byte for each partition.
 *
 * <p>Immutable.
 */
public final class GroupPlan {

  /** The most members that a plan can name. */
  public static final int MOST_MEMBERS = 255;

  /** The target of a partition that fits nowhere. */
  public static final int UNASSIGNED = -1;

  private static final int NO_TARGET = 255;

  private final PlanHeader header;
  private final byte[] targets;

  /**
   * Header of a plan.
   *
   * @param planner the name of the node of the member that wrote it
   * @param seq one more than that of the plan before
   * @param epoch of the partitions
   * @param members sorted by id
   * @param seen of each bucket the newest transaction that the planner had read
   */
  public record PlanHeader(
      @Stored("planner") String planner,
      @Stored("seq") long seq,
      @Stored("epoch") int epoch,
      @Stored("members") List<PlannedMember> members,
      @Stored("seen") List<Long> seen) {

    static final RecordCodec<PlanHeader> CODEC = RecordCodec.of(PlanHeader.class, 1);

    /** Copies the lists. */
    public PlanHeader {
      members = List.copyOf(members);
      seen = List.copyOf(seen);
    }
  }

  /**
   * A member that a plan names.
   *
   * @param nonce absent for a member whose session has ended and whose partitions are kept for it
   * @param keepFor how long they are kept
   */
  public record PlannedMember(
      @Stored("id") String id,
      @Stored("nonce") @Nullable String nonce,
      @Stored("keepFor") @Nullable Duration keepFor) {

    /** The name of its node; empty while it is absent. */
    public Optional<String> key() {
      return Optional.ofNullable(nonce).map(present -> MemberNode.keyOf(id, present));
    }
  }

  private GroupPlan(PlanHeader header, byte[] targets) {
    this.header = header;
    this.targets = targets;
  }

  /**
   * Creates a plan.
   *
   * @param targets for each partition an index into the members of the header, or {@link #UNASSIGNED}
   */
  public static GroupPlan of(PlanHeader header, int[] targets) {
    if (header.members().size() > MOST_MEMBERS) {
      throw new IllegalArgumentException(
          "members: " + header.members().size() + " (expected: at most " + MOST_MEMBERS + ")");
    }
    byte[] bytes = new byte[targets.length];
    for (int i = 0; i < targets.length; i++) {
      bytes[i] = (byte) (targets[i] == UNASSIGNED ? NO_TARGET : targets[i]);
    }
    return new GroupPlan(header, bytes);
  }

  /** Decodes what was read; empty if it is damaged, or of a newer version that this one must not guess at. */
  public static Optional<GroupPlan> decode(byte[] data) {
    HeaderAndPayload parts = HeaderAndPayload.parse(data);
    if (!(PlanHeader.CODEC.decode(parts.header()) instanceof Decoded.Value<PlanHeader> read)) {
      return Optional.empty();
    }
    PlanHeader header = read.value();
    for (byte target : parts.payload()) {
      int index = target & 0xff;
      if (index != NO_TARGET && index >= header.members().size()) {
        return Optional.empty();
      }
    }
    return Optional.of(new GroupPlan(header, parts.payload()));
  }

  /** The bytes to store. */
  public byte[] encode() {
    return new HeaderAndPayload(PlanHeader.CODEC.encode(header), targets).toBytes();
  }

  /** The header. */
  public PlanHeader header() {
    return header;
  }

  /** The number of partitions. */
  public int count() {
    return targets.length;
  }

  /** The index of the member that is to own a partition, or {@link #UNASSIGNED}. */
  public int targetOf(int partition) {
    if (partition >= targets.length) {
      return UNASSIGNED;
    }
    int target = targets[partition] & 0xff;
    return target == NO_TARGET ? UNASSIGNED : target;
  }

  /** The member that is to own a partition. */
  public Optional<PlannedMember> ownerOf(int partition) {
    int target = targetOf(partition);
    return target == UNASSIGNED
        ? Optional.empty()
        : Optional.of(header.members().get(target));
  }

  /** The member of an id. */
  public Optional<PlannedMember> member(String id) {
    return header.members().stream().filter(member -> member.id().equals(id)).findFirst();
  }

  /** Tells if the planner had seen a claim. */
  public boolean hasSeen(int bucket, long czxid) {
    return bucket < header.seen().size()
        && Long.compareUnsigned(header.seen().get(bucket), czxid) >= 0;
  }

  /** Tells if both give each partition to the member of the same id. */
  public boolean hasTargetsOf(GroupPlan other) {
    if (targets.length != other.targets.length || header.epoch() != other.header.epoch()) {
      return false;
    }
    if (header.members().equals(other.header.members())) {
      return Arrays.equals(targets, other.targets);
    }
    for (int p = 0; p < targets.length; p++) {
      if (!ownerOf(p).map(PlannedMember::id).equals(other.ownerOf(p).map(PlannedMember::id))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return "plan " + header.seq() + " by " + header.planner();
  }
}
