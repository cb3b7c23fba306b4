package io.zookit.config.internal.zk;

import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.internal.model.AckRecord;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.session.SessionHandle;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decodes the nodes in which instances report their status. Pure. */
public final class InstanceReports {

  private InstanceReports() {}

  /**
   * The status of each instance, in the order of their ids: of several sessions that of the newest. What cannot be read is
   * left out.
   *
   * @param nodes by name
   */
  public static List<InstanceReleaseStatus> newest(Map<String, SessionHandle.Node> nodes) {
    Map<String, SessionReport> newest = new HashMap<>();
    nodes.forEach((name, node) -> SessionReport.of(name, node)
        .ifPresent(
            report -> newest.merge(report.status.instance().id(), report, SessionReport::newer)));
    return newest.values().stream()
        .map(SessionReport::status)
        .sorted(Comparator.comparing(status -> status.instance().id()))
        .toList();
  }

  /** Report of one session of an instance, and the transaction in which the session created its node. */
  private record SessionReport(InstanceReleaseStatus status, long created) {

    static Optional<SessionReport> of(String name, SessionHandle.Node node) {
      return AckRecord.CODEC.decode(node.data()) instanceof Decoded.Value<AckRecord> read
          ? Optional.of(new SessionReport(
              read.value().toInstanceReleaseStatus(name.substring(name.indexOf('@') + 1)),
              node.stat().getCzxid()))
          : Optional.empty();
    }

    SessionReport newer(SessionReport other) {
      return other.created > created ? other : this;
    }
  }
}
