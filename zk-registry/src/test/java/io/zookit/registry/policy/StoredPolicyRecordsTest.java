package io.zookit.registry.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import io.zookit.registry.balance.Route;
import java.net.URL;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Writes the policies of services and compares their bytes with the recorded ones. */
class StoredPolicyRecordsTest {

  @Test
  void encode_everyRecord_writesTheRecordedBytes() {
    String written = lines().collect(Collectors.joining("\n"));

    assertThat(written).isEqualTo(contentOf(recorded()).strip());
  }

  /** A rule as versions without circuits read it. */
  private record EarlierRule(
      @Stored("disabled") boolean disabled,
      @Stored("weightOrNull") @Nullable Integer weightOrNull,
      @Stored("drain") boolean drain,
      @Stored("by") String by,
      @Stored("untilOrNull") @Nullable Instant untilOrNull) {}

  /** A policy as versions without circuits read it. */
  private record EarlierPolicy(
      @Stored("instances") Map<String, EarlierRule> instances,
      @Stored("routes") List<Route> routes) {}

  @Test
  void decode_circuitsByAnEarlierVersion_seesAForcedOpenOneAsDisabled() {
    ServicePolicy policy = ServicePolicy.NONE
        .with("i1", InstanceRule.by("ana").withCircuit(CircuitOverride.FORCED_OPEN))
        .with("i2", InstanceRule.by("bob").withCircuit(CircuitOverride.DISABLED));

    assertThat(RecordCodec.of(EarlierPolicy.class, 1).decode(policy.encode()))
        .isEqualTo(new Decoded.Value<>(
            new EarlierPolicy(
                Map.of(
                    "i1", new EarlierRule(true, null, false, "ana", null),
                    "i2", new EarlierRule(false, null, false, "bob", null)),
                List.of()),
            1));
  }

  @Test
  void withoutCircuit_ofAForcedOpenRule_enablesTheInstance() {
    InstanceRule forced = InstanceRule.by("ana").withCircuit(CircuitOverride.FORCED_OPEN);

    assertThat(forced.disabled()).isTrue();
    assertThat(forced.withDisabled(false).disabled()).isTrue();
    assertThat(forced.withoutCircuit()).isEqualTo(InstanceRule.by("ana"));
    assertThat(forced.withCircuit(CircuitOverride.DISABLED).disabled()).isFalse();
  }

  private static Stream<String> lines() {
    InstanceRule rule =
        new InstanceRule(true, 5, true, "ana", Instant.ofEpochSecond(1_700_000_000));
    Route route = new Route("trial", 12.5, "2.0", Map.of("tier", "gold"));
    return Stream.of(
            ServicePolicy.NONE,
            new ServicePolicy(Map.of("i1", InstanceRule.by("ana")), List.of()),
            new ServicePolicy(Map.of("i1", rule, "i2", InstanceRule.by("bob")), List.of(route)),
            new ServicePolicy(
                Map.of(
                    "i1",
                    InstanceRule.by("ana").withCircuit(CircuitOverride.FORCED_OPEN),
                    "i2",
                    InstanceRule.by("bob").withCircuit(CircuitOverride.DISABLED)),
                List.of()))
        .map(policy -> line("services/<service>/~policy", ServicePolicy.CODEC, policy));
  }

  /** One record: where it is stored, and its bytes, which are read back to an equal record. */
  private static <T extends Record> String line(String place, RecordCodec<T> codec, T value) {
    byte[] bytes = codec.encode(value);
    assertThat(codec.decode(bytes)).isEqualTo(new Decoded.Value<>(value, 1));
    return place + " " + new String(bytes, UTF_8);
  }

  private static URL recorded() {
    return Objects.requireNonNull(
        StoredPolicyRecordsTest.class.getResource("/recorded/policy-records-1.txt"));
  }
}
