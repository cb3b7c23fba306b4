package io.zookit.lock.internal.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import java.net.URL;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Writes the records of locks and compares their bytes with the recorded ones. */
class StoredLockRecordsTest {

  @Test
  void encode_everyRecord_writesTheRecordedBytes() {
    String written = lines().collect(Collectors.joining("\n"));

    assertThat(written).isEqualTo(contentOf(recorded()).strip());
  }

  private static Stream<String> lines() {
    String state = "locks-state/<name>";
    String node = "locks/<name>/~q/<node>";
    return Stream.of(
        line(
            state,
            LockState.CODEC,
            new LockState(
                "lock", 3, "held", "Y2VsbA==", "writer", "candidate", 1_700_000_000_000L)),
        line(state, LockState.CODEC, LockState.semaphore(3)),
        line(state, LockState.CODEC, LockState.numbers(3)),
        line(state, LockState.CODEC, LockState.empty(LockState.LOCK)),
        line(state, LockState.CODEC, LockState.empty(LockState.ELECTION)),
        line(
            node,
            OwnerRecord.CODEC,
            new OwnerRecord("host", 4711, "party", "x0-1", true, false, "too long", "label")),
        line(node, OwnerRecord.CODEC, OwnerRecord.of("host", 4711)));
  }

  /** One record: where it is stored, and its bytes, which are read back to an equal record. */
  private static <T extends Record> String line(String place, RecordCodec<T> codec, T value) {
    byte[] bytes = codec.encode(value);
    assertThat(codec.decode(bytes)).isEqualTo(new Decoded.Value<>(value, 1));
    return place + " " + new String(bytes, UTF_8);
  }

  private static URL recorded() {
    return Objects.requireNonNull(
        StoredLockRecordsTest.class.getResource("/recorded/lock-records-1.txt"));
  }
}
