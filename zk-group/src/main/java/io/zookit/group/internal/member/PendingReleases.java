package io.zookit.group.internal.member;

import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.internal.member.ClaimReleases.ReleasedClaim;
import io.zookit.group.internal.member.OwnedPartition.Phase;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.PartitionOwnerRecord;
import io.zookit.group.internal.store.SpecRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The releases of one step of the loop, which are sent together.
 *
 * <p><i>Threads:</i> on the loop.
 */
final class PendingReleases {

  private final GroupNodes nodes;
  private final SpecRecord spec;
  private final ClaimReleases releases;
  private final SerialLane loop;
  private final String member;
  private final Consumer<OwnedPartition> released;
  private final List<OwnedPartition> pending = new ArrayList<>();

  /**
   * Creates an empty one.
   *
   * @param member the id, for records that have to be created again
   * @param released receives each partition whose claim is certainly gone
   */
  PendingReleases(
      GroupNodes nodes,
      SpecRecord spec,
      ClaimReleases releases,
      String member,
      Consumer<OwnedPartition> released) {
    this.nodes = nodes;
    this.spec = spec;
    this.releases = releases;
    this.loop = nodes.client().loop();
    this.member = member;
    this.released = released;
  }

  /** Adds a partition that is being released. */
  void add(OwnedPartition partition) {
    pending.add(partition);
    if (pending.size() == 1) {
      loop.execute(this::send);
    }
  }

  private void send() {
    Map<SessionHandle, List<OwnedPartition>> bySession = new LinkedHashMap<>();
    for (OwnedPartition partition : pending) {
      if (partition.phase() == Phase.RELEASING) {
        bySession
            .computeIfAbsent(partition.claim().handle(), first -> new ArrayList<>())
            .add(partition);
      }
    }
    pending.clear();
    bySession.forEach((handle, partitions) -> {
      List<ReleasedClaim> claims = partitions.stream().map(this::claimOf).toList();
      releases
          .release(handle, claims)
          .thenRun(() -> loop.execute(() -> partitions.forEach(released)));
    });
  }

  private ReleasedClaim claimOf(OwnedPartition partition) {
    ZkPath record = nodes.record(spec, partition.index());
    return new ReleasedClaim(
        nodes.claim(spec, partition.index()).value(),
        nodes.create(record, PartitionOwnerRecord.CODEC.encode(new PartitionOwnerRecord(member))),
        record.value(),
        partition.claim().czxid(),
        partition.claim().version());
  }
}
