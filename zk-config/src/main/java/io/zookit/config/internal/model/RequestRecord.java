package io.zookit.config.internal.model;

import io.zookit.config.Drafts;
import io.zookit.config.History;
import io.zookit.config.Policy;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for the approval of one change.
 *
 * @param subject what the change is about, in words
 * @param policy the policy that is to be set
 * @param basis a hash of what was in force when the approval was requested
 * @param saveId tells this save from all others, also if its answer was lost
 */
public record RequestRecord(
    @Stored("action") History.Action action,
    @Stored("subject") String subject,
    @Stored("policy") @Nullable Policy policy,
    @Stored("basis") String basis,
    @Stored("authors") List<Signer> authors,
    @Stored("approvals") List<Drafts.Approval> approvals,
    @Stored("at") Instant at,
    @Stored("message") String message,
    @Stored("saveId") String saveId) {

  public static final RecordCodec<RequestRecord> CODEC =
      RecordCodec.of(RequestRecord.class, 1).withLimit(300 * 1024);

  public Signatures signatures() {
    return new Signatures(authors, approvals);
  }

  public RequestRecord signed(Signatures signatures, String newSaveId) {
    return new RequestRecord(
        action,
        subject,
        policy,
        basis,
        signatures.authors(),
        signatures.approvals(),
        at,
        message,
        newSaveId);
  }
}
