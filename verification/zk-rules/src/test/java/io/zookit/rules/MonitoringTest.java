package io.zookit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Checks the dashboard and the alert rules against the meters that the modules write. */
class MonitoringTest {

  private static final String DASHBOARD = "docs/monitoring/grafana-dashboard.json";
  private static final String ALERTS = "docs/monitoring/prometheus-alerts.yml";

  /** A call that names a meter, or a constant for a counter. */
  private static final Pattern METER = Pattern.compile(
      "(count\\(|time\\(|gauge\\(|String \\w+ =)\\s*\"(zookit\\.\\w+\\.[\\w.-]+)\"");

  private static final Pattern USED = Pattern.compile("\\bzookit_[a-z_]+\\b");

  @Test
  void meters_ofDashboardAndAlerts_exist() {
    Set<String> exported = exported();

    assertThat(exported)
        .contains(
            "zookit_client_changes_missed_total",
            "zookit_lock_held",
            "zookit_lock_wait_seconds_max",
            "zookit_registry_http_retries_refused_total",
            "zookit_config_not_kept_total");
    assertThat(used(Checkout.page(DASHBOARD))).hasSizeGreaterThan(30).isSubsetOf(exported);
    assertThat(used(Checkout.page(ALERTS))).hasSizeGreaterThan(15).isSubsetOf(exported);
  }

  @Test
  void used_ofAnExpressionWithAnUnknownMeter_isNotExported() {
    Set<String> used = used("rate(zookit_lock_wait_seconds_sum[5m]) > zookit_lock_hold");

    assertThat(used).containsExactly("zookit_lock_hold", "zookit_lock_wait_seconds_sum");
    assertThat(exported())
        .contains("zookit_lock_wait_seconds_sum")
        .doesNotContain("zookit_lock_hold");
  }

  @Test
  void dashboard_eachPanel_asksForSomething() throws IOException {
    JsonNode dashboard = new ObjectMapper().readTree(Checkout.page(DASHBOARD));

    assertThat(dashboard.path("panels"))
        .filteredOn(panel -> panel.path("type").asText().equals("timeseries"))
        .hasSizeGreaterThan(15)
        .allSatisfy(panel -> assertThat(panel.path("targets").findValuesAsText("expr"))
            .isNotEmpty()
            .allMatch(expression -> USED.matcher(expression).find()));
  }

  @Test
  void alerts_eachRule_hasAnExpressionAndASummary() {
    Object alerts = new Load(LoadSettings.builder().build()).loadFromString(Checkout.page(ALERTS));

    assertThat(alerts)
        .isInstanceOfSatisfying(
            Map.class,
            file -> assertThat(file.get("groups"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.list(Map.class))
                .flatExtracting(group -> (List<?>) group.get("rules"))
                .hasSizeGreaterThan(10)
                .allSatisfy(
                    rule -> assertThat(String.valueOf(rule)).contains("expr=", "summary=")));
  }

  /** The names under which Micrometer's Prometheus registry exports the meters. */
  private static Set<String> exported() {
    return Checkout.code().main().stream()
        .flatMap(source -> METER.matcher(source.text()).results())
        .flatMap(MonitoringTest::series)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> series(MatchResult meter) {
    String name = meter.group(2).replace('.', '_').replace('-', '_');
    return switch (meter.group(1)) {
      case "gauge(" -> Stream.of(name);
      case "time(" -> Stream.of("_count", "_sum", "_max").map(end -> name + "_seconds" + end);
      default -> Stream.of(name + "_total");
    };
  }

  private static Set<String> used(String text) {
    return USED.matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
