package io.zookit.config.internal.model;

import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.gray.Instance;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Status of a client and of the release it has.
 *
 * @param revision the newest revision it has seen
 * @param release what it has applied; 0 for nothing
 * @param offered the release it was last asked to apply; 0 for none
 * @param vote the hash of the candidate it has an opinion of
 * @param accepted the opinion
 * @param objection why not accepted
 * @param notKept why what it has applied is not in its snapshot file
 * @param client what the client is called, its label
 */
public record AckRecord(
    @Stored("instance") String instance,
    @Stored("address") String address,
    @Stored("labels") Map<String, String> labels,
    @Stored("epoch") long epoch,
    @Stored("revision") long revision,
    @Stored("release") int release,
    @Stored("offered") int offered,
    @Stored("status") InstanceReleaseStatus.Status status,
    @Stored("reason") String reason,
    @Stored("vote") @Nullable String vote,
    @Stored("accepted") @Nullable Boolean accepted,
    @Stored("objection") @Nullable String objection,
    @Stored("notKept") @Nullable String notKept,
    @Stored("client") @Nullable String client) {

  static final int MOST_BYTES = 8 * 1024;
  public static final RecordCodec<AckRecord> CODEC =
      RecordCodec.of(AckRecord.class, 1).withLimit(MOST_BYTES);

  /** The status of the instance, as the API reports it. */
  public InstanceReleaseStatus toInstanceReleaseStatus(String incarnation) {
    return new InstanceReleaseStatus(
        new Instance(instance, address, labels),
        incarnation,
        status,
        release,
        offered,
        epoch,
        revision,
        reason,
        vote == null || accepted == null
            ? Optional.empty()
            : Optional.of(new InstanceReleaseStatus.Vote(
                vote, accepted, Objects.requireNonNullElse(objection, ""))),
        Optional.ofNullable(notKept),
        Objects.requireNonNullElse(client, ""));
  }
}
