package io.zookit.config;

import io.zookit.config.format.Format;
import io.zookit.core.internal.RecordCodec;
import java.time.Instant;
import java.util.List;

/**
 * What stands in front of a draft's text.
 *
 * @param base the release that was stable when it was begun or last rebased; 0 for none
 * @param saveId what tells this save from all others, also when its answer was lost
 */
record DraftRecord(
    int base,
    Format format,
    String author,
    Instant at,
    String message,
    String saveId,
    List<String> approvals,
    String sha256) {

  static final RecordCodec<DraftRecord> CODEC = RecordCodec.of(DraftRecord.class, 1);
}
