package io.zookit.core.internal.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.Role;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import java.net.URL;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Writes the access policy and compares its bytes with the recorded ones. */
class StoredAccessRecordsTest {

  @Test
  void encode_everyRecord_writesTheRecordedBytes() {
    String written = lines().collect(Collectors.joining("\n"));

    assertThat(written).isEqualTo(contentOf(recorded()).strip());
  }

  private static Stream<String> lines() {
    Map<Role, List<Identity>> roles = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      roles.put(role, List.of(Identity.x509("CN=" + roles.size()), Identity.sasl("other")));
    }
    return Stream.of(Map.of(Role.ADMIN, List.of(Identity.sasl("ana"))), roles)
        .map(AccessPolicy::of)
        .map(AccessRecord::of)
        .map(record -> line("~access", AccessRecord.CODEC, record));
  }

  /** One record: where it is stored, and its bytes, which are read back to an equal record. */
  private static <T extends Record> String line(String place, RecordCodec<T> codec, T value) {
    byte[] bytes = codec.encode(value);
    assertThat(codec.decode(bytes)).isEqualTo(new Decoded.Value<>(value, 1));
    return place + " " + new String(bytes, UTF_8);
  }

  private static URL recorded() {
    return Objects.requireNonNull(
        StoredAccessRecordsTest.class.getResource("/recorded/access-records-1.txt"));
  }
}
