package io.zookit.config;

import io.zookit.core.internal.codec.RecordCodec;
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
 * @param aborted the gray releases that it ended beside what it did
 * @param previous the hash of the entry before; empty for the first
 * @param identities of the connection that made the change, as far as they are known
 * @param approvals that counted
 * @param overrides what the change overrode
 * @param policyBefore the policy that was replaced
 * @param policyAfter the policy that replaced it
 */
record AuditRecord(
    long epoch,
    long revision,
    History.Action action,
    @Nullable Integer release,
    String publishId,
    String by,
    Instant at,
    String message,
    @Nullable Map<String, String> removed,
    @Nullable List<String> voters,
    @Nullable List<String> aborted,
    String previous,
    @Nullable List<String> identities,
    @Nullable List<Drafts.Approval> approvals,
    @Nullable List<String> overrides,
    @Nullable Policy policyBefore,
    @Nullable Policy policyAfter) {

  static final RecordCodec<AuditRecord> CODEC =
      RecordCodec.of(AuditRecord.class, 1).withLimit(600 * 1024);
}
