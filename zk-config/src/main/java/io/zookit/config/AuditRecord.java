package io.zookit.config;

import io.zookit.core.internal.RecordCodec;
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
    String previous) {

  static final RecordCodec<AuditRecord> CODEC =
      RecordCodec.of(AuditRecord.class, 1).withLimit(256 * 1024);
}
