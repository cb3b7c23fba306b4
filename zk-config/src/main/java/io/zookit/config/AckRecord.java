package io.zookit.config;

import io.zookit.config.gray.Instance;
import io.zookit.core.internal.codec.RecordCodec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client says of itself and of the release it has.
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
record AckRecord(
    String instance,
    String address,
    Map<String, String> labels,
    long epoch,
    long revision,
    int release,
    int offered,
    Ack.Status status,
    String reason,
    @Nullable String vote,
    @Nullable Boolean accepted,
    @Nullable String objection,
    @Nullable String notKept,
    @Nullable String client) {

  static final int MOST_BYTES = 8 * 1024;
  static final RecordCodec<AckRecord> CODEC =
      RecordCodec.of(AckRecord.class, 1).withLimit(MOST_BYTES);

  Instance who() {
    return new Instance(instance, address, labels);
  }
}
