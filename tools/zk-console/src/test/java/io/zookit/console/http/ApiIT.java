package io.zookit.console.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.config.Rollout;
import io.zookit.config.gray.Audience;
import io.zookit.config.gray.Instance;
import io.zookit.console.ConsoleWorld;
import io.zookit.core.Role;
import io.zookit.core.ZkClient;
import io.zookit.core.audit.AuditEntry;
import io.zookit.core.audit.AuditLog;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobLedger;
import io.zookit.testkit.ZkServerExtension;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reads and changes of the endpoints. */
@Tag("full")
class ApiIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final ConsoleWorld console = new ConsoleWorld(zooKeeper.connectString(), zooKeeper.freshRoot());

  private static final Namespace NS = Namespace.of("prod", "shop", "limits");
  private static final String ONE = "/namespaces/prod/shop/limits";

  private ZkClient client;
  private ConfigStore store;

  @BeforeEach
  void start() {
    client = console.client("test");
    store = ConfigStore.in(client);
    console.start();
  }

  private HttpResponse<String> publish(String text, int base) throws Exception {
    return console.post(
        Role.PUBLISHER,
        ONE + "/releases",
        "{\"format\":\"properties\",\"text\":\"" + text + "\",\"message\":\"why\"}",
        "If-Match",
        "\"" + base + "\"");
  }

  @Test
  void publish_onTopOfTheStableRelease_isSignedWithTheSubject() throws Exception {
    HttpResponse<String> first = publish("a=1\\n", 0);

    assertThat(first.statusCode()).isEqualTo(201);
    JsonNode release = ConsoleWorld.parse(first.body());
    assertThat(release.path("number").intValue()).isEqualTo(1);
    assertThat(release.path("author").textValue()).isEqualTo("publisher");
    assertThat(store.history(NS).entries(1).get(0).author()).isEqualTo("publisher");
    assertThat(console.json(Role.VIEWER, ONE + "/content").path("text").textValue())
        .isEqualTo("a=1\n");
    assertThat(
            console.json(Role.VIEWER, ONE + "/changes").path(0).path("message").textValue())
        .isEqualTo("why");
  }

  @Test
  void publish_onTopOfAnotherRelease_isAConflictAndChangesNothing() throws Exception {
    publish("a=1\\n", 0);
    publish("a=2\\n", 1);

    HttpResponse<String> stale = publish("a=3\\n", 1);

    assertThat(stale.statusCode()).isEqualTo(412);
    assertThat(stale.body()).contains("urn:zookit:problem:conflict");
    assertThat(store.state(NS).orElseThrow().stable()).hasValue(2);
    assertThat(console
            .post(Role.PUBLISHER, ONE + "/releases", "{\"format\":\"properties\",\"text\":\"a=3\"}")
            .statusCode())
        .as("without If-Match")
        .isEqualTo(428);
    for (String wrong : new String[] {"2", "\"x\"", "*", "\"-1\""}) {
      assertThat(console
              .post(
                  Role.PUBLISHER,
                  ONE + "/releases",
                  "{\"format\":\"properties\",\"text\":\"a=3\"}",
                  "If-Match",
                  wrong)
              .statusCode())
          .as(wrong)
          .isEqualTo(400);
    }
  }

  @Test
  void publish_contentThatIsNotValid_isRejectedWithItsProblems() throws Exception {
    publish("a=1\\n", 0);
    store.setPolicy(
        NS,
        Policy.standard()
            .withSchema("{\"type\":\"object\",\"properties\":{\"a\":{\"maxLength\":1}}}"),
        Change.by("ada"));

    HttpResponse<String> rejected = publish("a=100\\n", 1);

    assertThat(rejected.statusCode()).isEqualTo(422);
    assertThat(ConsoleWorld.parse(rejected.body()).path("problems")).isNotEmpty();
    assertThat(console
            .post(
                Role.PUBLISHER,
                ONE + "/releases",
                "{\"format\":\"yaml\",\"text\":\"a: [\"}",
                "If-Match",
                "\"1\"")
            .statusCode())
        .isEqualTo(422);
    assertThat(store.state(NS).orElseThrow().stable()).hasValue(1);
  }

  @Test
  void publish_inAFreeze_isRefusedUntilItIsOverridden() throws Exception {
    publish("a=1\\n", 0);
    publish("a=2\\n", 1);
    Instant now = client.timekeeper().now();
    store.setPolicy(
        NS,
        Policy.standard()
            .withFreezes(
                new Policy.Freeze(now.minusSeconds(60), now.plusSeconds(3_600), "holidays")),
        Change.by("ada"));

    assertThat(publish("a=3\\n", 2).statusCode()).isEqualTo(409);
    assertThat(console
            .post(Role.PUBLISHER, ONE + "/rollback", "{\"release\":1}", "If-Match", "\"2\"")
            .statusCode())
        .isEqualTo(409);
    HttpResponse<String> back = console.post(
        Role.PUBLISHER,
        ONE + "/rollback",
        "{\"release\":1,\"overrideFreeze\":true}",
        "If-Match",
        "\"2\"");

    assertThat(back.statusCode()).isEqualTo(201);
    assertThat(ConsoleWorld.parse(back.body()).path("restores").intValue()).isEqualTo(1);
  }

  @Test
  void preview_change_showsItAndChangesNothing() throws Exception {
    publish("a=1\\n", 0);

    JsonNode preview = ConsoleWorld.parse(console
        .post(
            Role.VIEWER, ONE + "/preview", "{\"format\":\"properties\",\"text\":\"a=2\\nb=3\\n\"}")
        .body());

    assertThat(preview.path("number").intValue()).isEqualTo(2);
    assertThat(preview.path("keys")).hasSize(2);
    assertThat(preview.path("unified").toString()).contains("+a=2");
    assertThat(store.state(NS).orElseThrow().lastRelease()).isEqualTo(1);
  }

  @Test
  void gray_startedAdvancedAndAborted_isWhatInstancesOfOtherLanguagesGet() throws Exception {
    publish("a=1\\n", 0);
    HttpResponse<String> started = console.post(
        Role.PUBLISHER,
        ONE + "/grays",
        "{\"name\":\"trial\",\"format\":\"properties\",\"text\":\"a=2\\n\","
            + "\"steps\":[\"instance in (i-1)\",\"percent(100)\"]}");
    assertThat(started.statusCode()).as(started.body()).isEqualTo(201);

    await()
        .atMost(ConsoleWorld.LONG)
        .untilAsserted(() -> assertThat(config("i-1").path("values")).hasToString("{\"a\":\"2\"}"));
    assertThat(config("i-1").path("rule").textValue()).isEqualTo("gray trial");
    assertThat(config("i-2").path("values")).hasToString("{\"a\":\"1\"}");
    assertThat(console.json(Role.VIEWER, ONE + "/grays").path(0).path("steps").intValue())
        .isEqualTo(2);

    assertThat(console.post(Role.PUBLISHER, ONE + "/grays/trial/pause", "{}").statusCode())
        .isEqualTo(204);
    assertThat(console.post(Role.PUBLISHER, ONE + "/grays/trial/resume", "{}").statusCode())
        .isEqualTo(204);
    JsonNode progress = ConsoleWorld.parse(
        console.post(Role.PUBLISHER, ONE + "/grays/trial/advance", "{}").body());
    assertThat(progress.path("progress").textValue()).isIn("stepped", "holding");
    assertThat(console
            .post(Role.PUBLISHER, ONE + "/grays/trial/abort", "{\"message\":\"no\"}")
            .statusCode())
        .isEqualTo(204);
    await()
        .atMost(ConsoleWorld.LONG)
        .untilAsserted(() -> assertThat(config("i-1").path("values")).hasToString("{\"a\":\"1\"}"));
    assertThat(console.post(Role.PUBLISHER, ONE + "/grays/trial/abort", "{}").statusCode())
        .isEqualTo(404);
  }

  private JsonNode config(String instance) throws Exception {
    return console.json(Role.VIEWER, "/config/prod/shop/limits?instance=" + instance);
  }

  @Test
  void config_layersAndGrays_areTheOnesAClientOfTheLibraryGets() throws Exception {
    Namespace base = Namespace.of("prod", "common", "base");
    store.publish(base, Content.properties("a=base\nb=base\n"), Change.by("ada"));
    store.setPolicy(base, Policy.standard().asPublic(), Change.by("ada"));
    publish("a=own\\n", 0);
    store.setPolicy(NS, Policy.standard().withLayers(base), Change.by("ada"));
    store.gray(
        NS,
        "trial",
        Content.properties("a=gray\n"),
        Rollout.of(Audience.percent(50)),
        Change.by("ada"));

    for (int i = 0; i < 6; i++) {
      Instance instance = Instance.named("i-" + i);
      String expected = store.explain(NS, "a", instance).get(0).value();
      await()
          .atMost(ConsoleWorld.LONG)
          .untilAsserted(() -> assertThat(config(instance.id()).path("values"))
              .hasToString("{\"a\":\"" + expected + "\",\"b\":\"base\"}"));
    }
  }

  @Test
  void config_longPoll_isAnsweredByTheNextRelease() throws Exception {
    publish("a=1\\n", 0);
    String path = "/config/prod/shop/limits";
    await()
        .atMost(ConsoleWorld.LONG)
        .until(() -> console.get(Role.VIEWER, path).statusCode() == 200);
    String etag = console.get(Role.VIEWER, path).headers().firstValue("ETag").orElseThrow();
    assertThat(console
            .send(console.as(Role.VIEWER, path).header("If-None-Match", etag).GET())
            .statusCode())
        .isEqualTo(304);

    CompletableFuture<HttpResponse<String>> poll = console
        .http()
        .sendAsync(
            console
                .as(Role.VIEWER, path + "?wait=50s")
                .header("If-None-Match", etag)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    publish("a=2\\n", 1);
    HttpResponse<String> answer = poll.get(60, TimeUnit.SECONDS);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"a\":\"2\"");
    assertThat(answer.headers().firstValue("ETag")).isPresent().get().isNotEqualTo(etag);
    assertThat(console
            .send(console
                .as(Role.VIEWER, path + "?wait=200ms")
                .header("If-None-Match", answer.headers().firstValue("ETag").orElseThrow())
                .GET())
            .statusCode())
        .as("nothing changes in time")
        .isEqualTo(304);
  }

  @Test
  void config_clientThatHasSeenMore_isNotGivenLess() throws Exception {
    publish("a=1\\n", 0);

    HttpResponse<String> answer = console.send(console
        .as(Role.VIEWER, "/config/prod/shop/limits")
        .header("If-None-Match", "\"999.1.1\"")
        .GET());

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void config_secret_isNamedAndNotShown() throws Exception {
    String key = java.util.Base64.getEncoder().encodeToString(new byte[32]);
    java.nio.file.Path file = java.nio.file.Files.createTempFile("keys", "");
    java.nio.file.Files.writeString(file, "m1=" + key + "\n");
    ConfigStore sealing = ConfigStore.builder(client)
        .keys(io.zookit.config.secret.KeyProvider.inFile(file))
        .build();
    sealing.publish(
        NS, Content.properties("a=1\n").withSecret("db.password", "hunter2"), Change.by("ada"));

    await()
        .atMost(ConsoleWorld.LONG)
        .untilAsserted(
            () -> assertThat(config("i-1").path("secrets")).hasToString("[\"db.password\"]"));
    assertThat(config("i-1").toString()).doesNotContain("hunter2").doesNotContain("ENC");
    JsonNode shown = console.json(Role.VIEWER, ONE + "/content");
    assertThat(shown.path("values").path("db.password").textValue()).isEqualTo("(secret)");

    String text = shown.path("text").textValue().replace("a=1", "a=2").replace("\n", "\\n");
    assertThat(publish(text, 1).statusCode()).isEqualTo(201);
    Content published = sealing.history(NS).content(2);
    assertThat(sealing.history(NS).reveal(published).get("db.password")).hasValue("hunter2");
    assertThat(publish("a=3\\nother=(secret)\\n", 2).statusCode()).isEqualTo(422);
  }

  @Test
  void services_stream_showsAnInstanceThatComesAndDrainIsSigned() throws Exception {
    ServiceRegistry registry = ServiceRegistry.in(client);
    console.closeLater(registry
        .register(
            ServiceInstance.builder("payments", "10.0.0.7", 8080).id("p-1").build())
        .awaitRegistered(ConsoleWorld.LONG));
    await()
        .atMost(ConsoleWorld.LONG)
        .until(() -> console.json(Role.VIEWER, "/services").size() == 1);

    HttpResponse<InputStream> stream = console
        .http()
        .send(
            console
                .as(Role.VIEWER, "/services/payments/instances")
                .header("Accept", "text/event-stream")
                .build(),
            HttpResponse.BodyHandlers.ofInputStream());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
      assertThat(data(lines)).contains("p-1");
      console.closeLater(registry
          .register(
              ServiceInstance.builder("payments", "10.0.0.8", 8080).id("p-2").build())
          .awaitRegistered(ConsoleWorld.LONG));
      assertThat(data(lines)).contains("p-1").contains("p-2");
    }

    HttpResponse<String> drained =
        console.post(Role.OPERATOR, "/services/payments/instances/p-1/drain", "{}");
    assertThat(drained.statusCode()).as(drained.body()).isEqualTo(200);
    assertThat(registry.policy("payments").read().instances())
        .hasEntrySatisfying("p-1", rule -> assertThat(rule.by()).isEqualTo("operator"));
    assertThat(newest().by()).isEqualTo("operator");
    assertThat(console
            .post(Role.OPERATOR, "/services/payments/instances/p-9/drain", "{}")
            .statusCode())
        .isEqualTo(404);
    assertThat(console.get(Role.VIEWER, "/services/none").statusCode()).isEqualTo(404);
  }

  private static String data(BufferedReader lines) throws Exception {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("data: ")) {
        return line;
      }
    }
    throw new AssertionError("the stream has ended");
  }

  private AuditEntry newest() throws InterruptedException {
    return AuditLog.in(client).newest(1).get(0);
  }

  @Test
  void lock_brokenByTheNameAndTheHolderThatWasSeen_isInTheAudit() throws Exception {
    Lease lease = DistributedLock.named("stock/sku-42", client).acquire();
    console.closeLater(lease);
    JsonNode lock = console.json(Role.VIEWER, "/locks/stock/sku-42");
    String node = lock.path("queue").path(0).path("node").textValue();
    assertThat(console.json(Role.VIEWER, "/locks")).hasSize(1);

    assertThat(breakLock("stock/sku-42", "stock/sku-4", node).statusCode()).isEqualTo(400);
    assertThat(breakLock("stock/sku-42", "stock/sku-42", "other").statusCode()).isEqualTo(409);
    assertThat(lease.isValid()).isTrue();
    assertThat(console
            .post(
                Role.OPERATOR,
                "/lock-revocations",
                "{\"name\":\"stock/sku-42\",\"holders\":[\"" + node + "\"],\"reason\":\"noon\"}")
            .statusCode())
        .isEqualTo(200);
    assertThat(newest().by()).isEqualTo("operator");
    assertThat(breakLock("stock/sku-42", "stock/sku-42", node).statusCode()).isEqualTo(200);

    await().atMost(ConsoleWorld.LONG).until(() -> !lease.isValid());
    assertThat(newest().by()).isEqualTo("admin");
    assertThat(console.json(Role.VIEWER, "/audit").path(0).path("by").textValue())
        .isEqualTo("admin");
  }

  private HttpResponse<String> breakLock(String name, String confirm, String node)
      throws Exception {
    return console.post(
        Role.ADMIN,
        "/lock-breaks",
        "{\"name\":\"" + name + "\",\"confirm\":\"" + confirm + "\",\"holders\":[\"" + node
            + "\"]}");
  }

  @Test
  void job_pausedTriggeredAndResumed_isSigned() throws Exception {
    JobLedger ledger = JobLedger.in(client);
    ledger.define(Job.named("report"));

    assertThat(console
            .post(Role.OPERATOR, "/jobs/report/pause", "{\"reason\":\"closed\"}")
            .statusCode())
        .isEqualTo(204);
    assertThat(newest().by()).isEqualTo("operator");
    assertThat(ledger.find("report").orElseThrow().paused()).isEqualTo("closed");
    assertThat(console
            .post(Role.OPERATOR, "/jobs/report/trigger", "{\"id\":\"t-1\"}")
            .body())
        .isEqualTo("{\"job\":\"report\",\"id\":\"t-1\",\"made\":true}");
    assertThat(console.post(Role.OPERATOR, "/jobs/report/resume", "{}").statusCode())
        .isEqualTo(204);
    await()
        .atMost(ConsoleWorld.LONG)
        .untilAsserted(() -> assertThat(console
                .json(Role.VIEWER, "/jobs")
                .path("jobs")
                .path(0)
                .path("paused")
                .isNull())
            .isTrue());
    assertThat(console.get(Role.VIEWER, "/jobs/report/runs").body()).isEqualTo("[]");
    assertThat(console.get(Role.VIEWER, "/jobs/report/next").body()).isEqualTo("[]");
    assertThat(console.get(Role.VIEWER, "/jobs/none").statusCode()).isEqualTo(404);
  }

  @Test
  void read_hostileNames_areAnsweredWithoutAnErrorOfTheServer() throws Exception {
    for (String name : new String[] {
      "%2e%2e", "..", "a%20b", "%3Cscript%3E", "~access", "a".repeat(300), "%F0%9F%92%A9", "-", "*"
    }) {
      for (String path : new String[] {
        "/namespaces/" + name + "/a/b",
        "/config/a/" + name + "/b",
        "/services/" + name,
        "/locks/" + name,
        "/jobs/" + name,
        "/search?key=" + name,
        "/namespaces/a/b/c/diff?from=" + name
      }) {
        assertThat(console.get(Role.VIEWER, path).statusCode()).as(path).isBetween(200, 499);
      }
    }
  }

  @Test
  void namespaces_pollAndHealth_showTheEnsemble() throws Exception {
    publish("a=1\\n", 0);
    await()
        .atMost(ConsoleWorld.LONG)
        .until(() -> console.json(Role.VIEWER, "/namespaces").size() == 1);

    JsonNode health = console.json(Role.VIEWER, "/health");
    assertThat(health.path("servers").path(0).path("mode").textValue()).isEqualTo("standalone");
    assertThat(health.path("roles")).hasSize(5);
    assertThat(console.json(Role.VIEWER, "/ids")).isEmpty();
    assertThat(console.json(Role.VIEWER, "/search?key=a")).hasSize(1);
    assertThat(console
            .json(Role.VIEWER, "/comparison?from=prod/shop/limits&to=prod/shop/limits")
            .path("same")
            .booleanValue())
        .isTrue();
  }
}
