package io.zookit.config.internal.zk;

import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.internal.model.AckRecord;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.session.SessionHandle;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Report of one session of an instance, decoded from its node.
 *
 * @param created the transaction in which the session created the node
 */
public record ReportedStatus(InstanceReleaseStatus status, long created) {

  /** Decodes a node; empty if it cannot be read. */
  public static Optional<ReportedStatus> of(String name, SessionHandle.Node node) {
    return AckRecord.CODEC.decode(node.data()) instanceof Decoded.Value<AckRecord> read
        ? Optional.of(new ReportedStatus(
            read.value().toInstanceReleaseStatus(name.substring(name.indexOf('@') + 1)),
            node.stat().getCzxid()))
        : Optional.empty();
  }

  /** The status of each instance, in the order of their ids: of several sessions that of the newest. */
  public static List<InstanceReleaseStatus> newest(Collection<ReportedStatus> reports) {
    Map<String, ReportedStatus> newest = new HashMap<>();
    reports.forEach(
        report -> newest.merge(report.status.instance().id(), report, ReportedStatus::newer));
    return newest.values().stream()
        .map(ReportedStatus::status)
        .sorted(Comparator.comparing(status -> status.instance().id()))
        .toList();
  }

  private ReportedStatus newer(ReportedStatus other) {
    return other.created > created ? other : this;
  }
}
