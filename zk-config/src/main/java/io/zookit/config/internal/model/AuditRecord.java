package io.zookit.config.internal.model;

import io.zookit.config.Drafts;
import io.zookit.config.History;
import io.zookit.config.Policy;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One change of a head, written in the same transaction.
 *
 * @param release the release it concerns
 * @param removed number and manifest hash of each release that was deleted
 * @param voters the instances that a candidate waits for, each with its incarnation
 * @param aborted the gray releases that it ended in addition
 * @param previous the hash of the entry before; empty for the first
 * @param identities of the connection that made the change, as far as they are known
 * @param approvals that counted
 * @param overrides what the change overrode
 * @param policyBefore the policy that was replaced
 * @param policyAfter the policy that replaced it
 */
public record AuditRecord(
    @Stored("epoch") long epoch,
    @Stored("revision") long revision,
    @Stored("action") History.Action action,
    @Stored("release") @Nullable Integer release,
    @Stored("publishId") String publishId,
    @Stored("by") String by,
    @Stored("at") Instant at,
    @Stored("message") String message,
    @Stored("removed") @Nullable Map<String, String> removed,
    @Stored("voters") @Nullable List<String> voters,
    @Stored("aborted") @Nullable List<String> aborted,
    @Stored("previous") String previous,
    @Stored("identities") @Nullable List<String> identities,
    @Stored("approvals") @Nullable List<Drafts.Approval> approvals,
    @Stored("overrides") @Nullable List<String> overrides,
    @Stored("policyBefore") @Nullable Policy policyBefore,
    @Stored("policyAfter") @Nullable Policy policyAfter) {

  public static final RecordCodec<AuditRecord> CODEC =
      RecordCodec.of(AuditRecord.class, 1).withLimit(600 * 1024);
}
