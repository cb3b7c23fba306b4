package io.zookit.views;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import io.zookit.config.Policy;
import io.zookit.config.PublishPreview;
import io.zookit.config.Release;
import io.zookit.config.format.Diff;
import io.zookit.config.format.Format;
import io.zookit.config.format.KeyChange;
import io.zookit.config.gray.Instance;
import io.zookit.core.FencingToken;
import io.zookit.lock.inspect.LockReport;
import io.zookit.registry.HeartbeatReport;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceSummary;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.registry.policy.ServicePolicy;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobNode;
import io.zookit.scheduler.JobView;
import io.zookit.scheduler.NextRun;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.time.Slot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds every shape to a golden file, and to the golden file of the command line that has the same shape. */
class ViewJsonTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path COMMAND_LINE = Path.of("../zk-admin/src/test/resources/golden");
  private static final Instant AT = Instant.parse("2026-11-20T10:15:30.123Z");
  private static final Namespace NS = Namespace.of("prod", "checkout", "limits");
  private static final Release RELEASE = new Release(
      NS,
      2,
      OptionalInt.of(1),
      Release.Kind.ROLLBACK,
      OptionalInt.of(1),
      Format.PROPERTIES,
      "ada",
      AT,
      "back",
      "p-1",
      1,
      15,
      "ab12",
      Optional.of("cd34"));
  private static final NamespaceState STATE = new NamespaceState(
      NS,
      1,
      7,
      3,
      false,
      OptionalInt.of(2),
      List.of("trial"),
      OptionalInt.empty(),
      List.of(1),
      List.of(Namespace.of("prod", "common", "base")),
      "ada",
      AT,
      "back");
  private static final Diff DIFF = new Diff(
      List.of(
          new KeyChange.Changed("max-orders", "100", "200"),
          new KeyChange.Added("burst", "20"),
          new KeyChange.Removed("old", "1")),
      List.of("--- a", "+++ b", "-max-orders=100", "+max-orders=200"));
  private static final Slot SLOT = Slot.at(Instant.parse("2026-11-20T10:00:00Z"));
  private static final RunRecord RUN = new RunRecord(
      "report",
      "s1",
      SLOT,
      false,
      "node-1",
      1,
      AT,
      AT.plusMillis(1500),
      SlotOutcome.TIMED_OUT,
      false,
      "too long");

  private static Map<String, Object> shapes() {
    Map<String, Object> shapes = new LinkedHashMap<>();
    shapes.put(
        "namespaces",
        NamespaceShape.of(new ConfigStore.Inventory(
            List.of(STATE), List.of(new ConfigStore.Unreadable("test/x/y", "damaged")))));
    shapes.put("description", DescriptionShape.of(STATE, Policy.standard().withSecrets("db.*")));
    shapes.put("release", RELEASE);
    shapes.put("logged", List.of(LoggedShape.of(RELEASE, STATE, List.of())));
    shapes.put("diff", DiffShape.of(NS, "@stable", "draft main", DIFF));
    shapes.put(
        "preview",
        PreviewShape.of(NS, new PublishPreview(3, 2, false, DIFF, List.of("frozen"), 4)));
    shapes.put("content", ContentShape.of(RELEASE, Content.properties("max-orders=100\n")));
    shapes.put(
        "instances",
        List.of(new InstanceReleaseStatus(
            Instance.named("shop-1").withAddress("10.0.0.7").withLabel("zone", "a"),
            "n1",
            InstanceReleaseStatus.Status.REJECTED,
            1,
            2,
            1,
            7,
            "limit: too small",
            Optional.empty(),
            Optional.of("disk full"),
            "shop")));
    shapes.put("lock", LockShape.of(lock()));
    shapes.put(
        "lock-change", LockShape.LockChange.of("stock/sku-42", "broken", lock().holders()));
    shapes.put(
        "services",
        List.of(
            ServiceShape.SummaryShape.of(
                new ServiceSummary("payments", 3, 2, 1, 0, 0, 0, Optional.empty())),
            ServiceShape.SummaryShape.of(
                new ServiceSummary("broken", 1, 1, 0, 0, 0, 0, Optional.of("damaged")))));
    shapes.put("service", service());
    shapes.put("job", JobShape.of(job()));
    shapes.put("runs", List.of(RUN));
    shapes.put(
        "next-runs",
        List.of(JobShape.NextRunShape.of(new NextRun(SLOT, AT, "skipped by the clock"))));
    shapes.put("trigger", new JobShape.TriggerShape("report", "t-1", true));
    shapes.put(
        "job-nodes",
        List.of(new JobNode("n1", "node-1", Map.of("report", 2), 100, AT, "2026a", false)));
    return shapes;
  }

  private static LockReport lock() {
    return new LockReport(
        "stock/sku-42",
        List.of(
            new LockReport.Entry(
                "xa1-0",
                LockReport.Mode.EXCLUSIVE,
                1,
                LockReport.Role.HOLDER,
                Optional.of(new LockReport.Owner("one", 42, Optional.of("worker"))),
                AT,
                new FencingToken(1, 258, 0),
                Optional.of("maintenance")),
            new LockReport.Entry(
                "xb2-1",
                LockReport.Mode.EXCLUSIVE,
                1,
                LockReport.Role.WAITER,
                Optional.empty(),
                AT,
                new FencingToken(1, 259, 0),
                Optional.empty())),
        Optional.of(new LockReport.Permits(1, 2, 0)),
        100);
  }

  private static ServiceShape service() {
    return ServiceShape.of(
        "payments",
        List.of(ServiceInstance.builder("payments", "10.0.0.7", 8080)
            .id("p-1")
            .zone("a")
            .build()),
        ServicePolicy.NONE.with("p-1", InstanceRule.by("ada").withWeight(5)),
        List.of(new HeartbeatReport("p-1", AT, Duration.ofSeconds(2), 0.25, 1.5)),
        AT);
  }

  private static JobView job() {
    return new JobView(
        Job.named("report").cron("0 * * * *", ZoneOffset.UTC),
        3,
        "the warehouse is closed",
        AT,
        List.of("s2"),
        1,
        RUN,
        null,
        List.of());
  }

  @Test
  void write_everyShape_isItsGoldenFile() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, Object> shape : shapes().entrySet()) {
      JsonNode written = JSON.readTree(ViewJson.write(shape.getValue()));
      if (!written.equals(golden(shape.getKey()))) {
        wrong.add(shape.getKey() + ".json should be\n" + written.toPrettyString());
      }
    }
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "namespaces, config/ns-list.json",
    "description, config/ns-describe.json",
    "logged, config/log-marks.json",
    "diff, config/draft-diff.json",
    "content, config/get.json",
    "instances, config/instances.json",
    "service, service/show.json",
    "services, service/list.json",
    "lock, lock/show.json",
    "lock-change, lock/break.json",
    "trigger, job/trigger-again.json",
    "next-runs, job/next.json",
  })
  void write_shapeOfTheCommandLine_hasTheSameNames(String shape, String file) throws IOException {
    String text = Files.readString(COMMAND_LINE.resolve(file)).replaceAll(": PID", ": 1");

    assertThat(names(JSON.readTree(ViewJson.write(shapes().getOrDefault(shape, "none")))))
        .containsExactlyInAnyOrderElementsOf(names(JSON.readTree(text)));
  }

  @Test
  void write_secretValue_isHidden() {
    Content secret = Content.properties("a=1\n").withSecret("db.password", "hunter2");

    assertThat(ViewJson.write(ContentShape.of(RELEASE, secret)))
        .contains("(secret)")
        .doesNotContain("hunter2");
  }

  /** The names of the first object, and of what is in it. */
  private static List<String> names(JsonNode node) {
    JsonNode first = node.isArray() ? node.path(0) : node;
    List<String> names = new ArrayList<>();
    first.fieldNames().forEachRemaining(name -> {
      names.add(name);
      if (first.get(name).isArray() && first.get(name).path(0).isObject()) {
        names(first.get(name)).forEach(inner -> names.add(name + "." + inner));
      }
    });
    return names;
  }

  private static JsonNode golden(String name) throws IOException {
    try (InputStream in = ViewJsonTest.class.getResourceAsStream("/golden/" + name + ".json")) {
      return in == null ? JSON.nullNode() : JSON.readTree(in);
    }
  }
}
