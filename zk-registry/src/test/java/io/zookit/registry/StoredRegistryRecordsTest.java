package io.zookit.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.registry.internal.consumer.SavedView;
import io.zookit.registry.internal.store.ServicePaths;
import io.zookit.registry.internal.store.StoredHeartbeat;
import io.zookit.registry.internal.store.StoredInstance;
import io.zookit.registry.internal.store.StoredPresence;
import java.net.URL;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Writes the records of services and compares their bytes with the recorded ones. */
class StoredRegistryRecordsTest {

  @Test
  void encode_everyRecord_writesTheRecordedBytes() {
    String written = lines().collect(Collectors.joining("\n"));

    assertThat(written).isEqualTo(contentOf(recorded()).strip());
  }

  private static Stream<String> lines() {
    return Stream.concat(records(), statuses());
  }

  private static Stream<String> records() {
    String instance = "services/<service>/~b<NN>/<instance>";
    return Stream.of(
        line("services/<service>", ServicePaths.CODEC, new ServicePaths.StoredService(7)),
        line(
            instance,
            StoredInstance.CODEC,
            new StoredInstance(
                "i1",
                "10.0.0.7",
                8080,
                Map.of("admin", 8081),
                "a",
                "1.2",
                5,
                Map.of("key", "value"),
                "leaving")),
        line(
            instance,
            StoredInstance.CODEC,
            new StoredInstance("i1", "10.0.0.7", 8080, null, null, null, null, null, null)),
        line(
            "service-beats/<service>/~b<NN>/<instance>",
            StoredHeartbeat.CODEC,
            new StoredHeartbeat(0.25, 5_000, 17)),
        line(
            "service-consumers/<service>/<consumer>",
            StoredPresence.CODEC,
            new StoredPresence("checkout", Instant.ofEpochSecond(1_700_000_000))),
        line(
            "the file of a view",
            SavedView.CODEC,
            new SavedView(
                "shop",
                2,
                Instant.ofEpochSecond(1_700_000_000),
                List.of(new SavedView.SavedNode("i1@0a", 1_700_000_000_001L, "data")))));
  }

  private static Stream<String> statuses() {
    return Stream.of(InstanceStatus.values())
        .map(status -> "status "
            + new String(
                StoredInstance.encode(
                    ServiceInstance.at("shop", "10.0.0.7", 8080).withId("i1").withStatus(status)),
                UTF_8));
  }

  /** One record: where it is stored, and its bytes, which are read back to an equal record. */
  private static <T extends Record> String line(String place, RecordCodec<T> codec, T value) {
    byte[] bytes = codec.encode(value);
    assertThat(codec.decode(bytes)).isEqualTo(new Decoded.Value<>(value, 1));
    return place + " " + new String(bytes, UTF_8);
  }

  private static URL recorded() {
    return Objects.requireNonNull(
        StoredRegistryRecordsTest.class.getResource("/recorded/registry-records-1.txt"));
  }
}
