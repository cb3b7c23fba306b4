package io.zookit.config.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordBinderTest {

  enum Mode {
    FAST,
    VERY_SAFE
  }

  record Server(
      String host, @Range(min = "1", max = "65535") int port) {}

  record All(
      @Range(min = "1", max = "1000") int maxOrders,
      @DefaultValue("5s") @Range(max = "1m") Duration timeout,
      DataSize buffer,
      Mode mode,
      Optional<String> note,
      List<Server> servers,
      Set<Integer> ports,
      Map<String, Double> weights,
      @Key("URL") @Pattern("https?://.*") String address,
      boolean on) {}

  private static final Map<String, String> GOOD = Map.ofEntries(
      Map.entry("max-orders", "200"),
      Map.entry("buffer", "64KiB"),
      Map.entry("mode", "very-safe"),
      Map.entry("servers[0].host", "a"),
      Map.entry("servers[0].port", "1"),
      Map.entry("servers[1].host", "b"),
      Map.entry("servers[1].port", "65535"),
      Map.entry("ports", "1, 2,3"),
      Map.entry("weights.x", "0.5"),
      Map.entry("weights.y", "1"),
      Map.entry("URL", "http://x"),
      Map.entry("on", "true"));

  @Test
  void bind_everyKind_makesTheRecord() {
    All all = RecordBinder.of(All.class).bind(GOOD);

    assertThat(all)
        .isEqualTo(new All(
            200,
            Duration.ofSeconds(5),
            new DataSize(65536),
            Mode.VERY_SAFE,
            Optional.empty(),
            List.of(new Server("a", 1), new Server("b", 65535)),
            Set.of(1, 2, 3),
            Map.of("x", 0.5, "y", 1.0),
            "http://x",
            true));
  }

  @Test
  void bind_badValues_listsEveryProblemAndNoValue() {
    Map<String, String> bad = new java.util.HashMap<>(GOOD);
    bad.remove("buffer");
    bad.put("max-orders", "hunter2");
    bad.put("timeout", "90s");
    bad.put("servers[1].port", "0");
    bad.put("on", "yes");
    bad.put("URL", "ftp://hunter2");

    BindingException refused = catchThrowableOfType(
        BindingException.class, () -> RecordBinder.of(All.class).bind(bad));

    assertThat(refused.problems())
        .extracting(problem -> problem.substring(0, problem.indexOf(':')))
        .containsExactlyInAnyOrder(
            "buffer", "max-orders", "timeout", "servers[1].port", "on", "URL");
    assertThat(refused.getMessage()).doesNotContain("hunter2");
  }

  @Test
  void bind_badValueWithADefault_isNotReplacedByIt() {
    Map<String, String> bad = new java.util.HashMap<>(GOOD);
    bad.put("timeout", "soon");

    assertThatThrownBy(() -> RecordBinder.of(All.class).bind(bad))
        .isInstanceOf(BindingException.class)
        .hasMessageContaining("timeout");
  }

  record Refusing(int a, int b) {
    public Refusing {
      if (a > b) {
        throw new IllegalArgumentException("a: greater than b");
      }
    }
  }

  @Test
  void bind_refusedByTheRecord_isAProblem() {
    assertThatThrownBy(() -> RecordBinder.of(Refusing.class).bind(Map.of("a", "2", "b", "1")))
        .isInstanceOf(BindingException.class)
        .hasMessageContaining("greater than b");
  }

  @Test
  void bind_keysWithoutAComponent_areReported() {
    Map<String, String> values = new java.util.HashMap<>(GOOD);
    values.put("max-order", "3");
    values.put("servers[3].host", "behind a hole");
    values.put("servers[0].hots", "a");
    values.put("weights.x.y", "1");
    List<String> unknown = new java.util.ArrayList<>();

    RecordBinder.of(All.class).bind(values, unknown::add);

    assertThat(unknown)
        .containsExactly("max-order", "servers[0].hots", "servers[3].host", "weights.x.y");
    unknown.clear();
    RecordBinder.of(All.class).bind(GOOD, unknown::add);
    assertThat(unknown).isEmpty();
  }

  record Unbindable(Thread thread) {}

  @Test
  void of_aTypeThatCannotBeBound_isToldAtOnce() {
    assertThatThrownBy(() -> RecordBinder.of(Unbindable.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("thread");
  }

  @Test
  void parse_sizes_knowsUnits() {
    assertThat(DataSize.parse("1.5MB").bytes()).isEqualTo(1_500_000);
    assertThat(DataSize.parse("2 GiB").bytes()).isEqualTo(2L << 30);
    assertThatThrownBy(() -> DataSize.parse("1.0000001KB")).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> DataSize.parse("ten")).isInstanceOf(RuntimeException.class);
  }
}
