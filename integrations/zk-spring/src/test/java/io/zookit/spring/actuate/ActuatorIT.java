package io.zookit.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.secret.KeyProvider;
import io.zookit.core.ZkClient;
import io.zookit.spring.TestApplication;
import io.zookit.testkit.ZkServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

@Tag("full")
class ActuatorIT {

  private static final Namespace LIMITS = Namespace.of("test", "shop", "limits");

  @TestApplication
  static class Shop {}

  private static String get(ConfigurableApplicationContext context, String path) {
    try {
      URI uri = URI.create("http://localhost:"
          + context.getEnvironment().getProperty("local.server.port") + "/actuator/" + path);
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path keys(Path folder) throws Exception {
    Path file = Files.createFile(
        folder.resolve("keys"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, "k1=" + Base64.getEncoder().encodeToString(new byte[32]) + "\n");
  }

  private static void publish(ZkServer server, Path keys) throws Exception {
    try (ZkClient operator = ZkClient.connect(server.connectString())) {
      ConfigStore store =
          ConfigStore.builder(operator).keys(KeyProvider.inFile(keys)).build();
      Change ana = Change.by("ana");
      store.create(LIMITS, ana);
      store.setPolicy(LIMITS, store.policy(LIMITS).withSecrets("db.password"), ana);
      store.publish(LIMITS, Content.properties("db.user=shop\ndb.password=hush"), ana);
    }
  }

  @Test
  void endpoints_ofAnApplication_showSessionReleaseAndNoSecret(@TempDir Path folder)
      throws Exception {
    try (ZkServer server = ZkServer.start()) {
      Path keys = keys(folder);
      publish(server, keys);
      try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Shop.class)
          .web(WebApplicationType.SERVLET)
          .properties(
              "zookit.connect=" + server.connectString(),
              "zookit.session-timeout=2s",
              "zookit.keys.file=" + keys,
              "spring.config.import=zookit:" + LIMITS,
              "zookit.registration.enabled=false",
              "server.port=0",
              "management.endpoints.web.exposure.include=*",
              "management.endpoint.health.show-details=always",
              "management.endpoint.env.show-values=always",
              "spring.main.banner-mode=off")
          .run()) {
        assertThat(context.getEnvironment().getProperty("db.password")).isEqualTo("hush");
        assertThat(get(context, "zookit")).contains("\"session\":\"CONNECTED\"");
        assertThat(get(context, "zookitconfig"))
            .contains("\"release\":1", "release 1 of test/shop/limits, stable, by ana, secret")
            .doesNotContain("hush");
        assertThat(get(context, "env/db.user")).contains("shop", "release 1");
        assertThat(get(context, "env/db.password")).contains("******").doesNotContain("hush");
        assertThat(get(context, "env")).doesNotContain("hush");
        assertThat(get(context, "health/zookit")).contains("\"status\":\"UP\"");

        server.stop();

        await().until(() -> get(context, "health/zookit").contains("\"status\":\"DOWN\""));
        assertThat(get(context, "health/readiness")).doesNotContain("zookit");
        server.restart();
        await().until(() -> get(context, "health/zookit").contains("\"status\":\"UP\""));
      }
    }
  }
}
