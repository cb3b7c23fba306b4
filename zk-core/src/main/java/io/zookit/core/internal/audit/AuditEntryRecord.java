package io.zookit.core.internal.audit;

import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One change, at most 1 KiB: longer texts are cut.
 *
 * @param action what was done, such as {@code lock.break}
 * @param target what it was done to
 * @param detail more about it; null for nothing
 * @param by the author, as the client claims
 * @param identities the identities that the servers authenticated the client's connection as; null for none
 * @param client the label of the client
 * @param at when, by the clock of the client
 * @param previous the hash of the entry before; empty for the very first
 */
record AuditEntryRecord(
    @Stored("action") String action,
    @Stored("target") String target,
    @Stored("detail") @Nullable String detail,
    @Stored("by") String by,
    @Stored("identities") @Nullable List<String> identities,
    @Stored("client") String client,
    @Stored("at") Instant at,
    @Stored("previous") String previous) {

  static final int MOST_BYTES = 1024;
  static final RecordCodec<AuditEntryRecord> CODEC =
      RecordCodec.of(AuditEntryRecord.class, 1).withLimit(MOST_BYTES);

  private static final RecordCodec<AuditEntryRecord> UNBOUNDED =
      RecordCodec.of(AuditEntryRecord.class, 1).withLimit(Integer.MAX_VALUE);
  private static final int LONGEST = 512;
  private static final int MOST_IDENTITIES = 4;

  /** The bytes of the record, with its texts cut as far as needed. */
  byte[] encoded() {
    for (int longest = LONGEST; ; longest /= 2) {
      byte[] bytes = UNBOUNDED.encode(cutTo(longest));
      if (bytes.length <= MOST_BYTES) {
        return bytes;
      }
    }
  }

  private AuditEntryRecord cutTo(int longest) {
    return new AuditEntryRecord(
        cut(action, longest),
        cut(target, longest),
        detail == null ? null : cut(detail, longest),
        cut(by, longest),
        identities == null
            ? null
            : identities.stream()
                .limit(MOST_IDENTITIES)
                .map(each -> cut(each, longest))
                .toList(),
        cut(client, longest),
        at,
        previous);
  }

  /** A text of at most that many characters that is Unicode: half of a pair would not be. */
  private static String cut(String text, int longest) {
    String whole = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    if (whole.length() <= longest) {
      return whole;
    }
    int end = Math.max(0, longest - 1);
    if (end > 0 && Character.isHighSurrogate(whole.charAt(end - 1))) {
      end--;
    }
    return whole.substring(0, end) + "…";
  }
}
