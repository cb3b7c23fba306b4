package io.zookit.config.internal.model;

import io.zookit.config.Drafts;
import io.zookit.config.format.Format;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Header of a draft's node, in front of the text.
 *
 * @param base the release that was stable when it was begun or last rebased; 0 for none
 * @param approvals the names of the approvers, for readers that do not know {@code approvedBy}
 * @param authors all that saved it since it was begun; null in drafts of older versions
 * @param approvedBy its approvals; null in drafts of older versions
 * @param saveId what tells this save from all others, also when its answer was lost
 */
public record DraftRecord(
    @Stored("base") int base,
    @Stored("format") Format format,
    @Stored("author") String author,
    @Stored("at") Instant at,
    @Stored("message") String message,
    @Stored("saveId") String saveId,
    @Stored("approvals") List<String> approvals,
    @Stored("sha256") String sha256,
    @Stored("authors") @Nullable List<Signer> authors,
    @Stored("approvedBy") @Nullable List<Drafts.Approval> approvedBy) {

  public Signatures signatures() {
    List<Signer> writers = authors == null ? List.of(new Signer(author, List.of())) : authors;
    List<Drafts.Approval> given = approvedBy == null
        ? approvals.stream()
            .map(name -> new Drafts.Approval(name, List.of(), at))
            .toList()
        : approvedBy;
    return new Signatures(writers, given);
  }

  public static final RecordCodec<DraftRecord> CODEC = RecordCodec.of(DraftRecord.class, 1);
}
