package io.zookit.spring.config;

import static io.zookit.spring.config.LiveShop.ANA;
import static io.zookit.spring.config.LiveShop.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.config.ConfigSnapshot;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.secret.KeyProvider;
import io.zookit.core.ZkClient;
import io.zookit.spring.ZkClientCustomizer;
import io.zookit.spring.ZookitConnectionDetails;
import io.zookit.spring.ZookitStartException;
import io.zookit.spring.config.LiveShop.Prober;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Imports of which something is wrong. */
@Tag("full")
@ExtendWith(OutputCaptureExtension.class)
class ConfigImportIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final String SOUND = "limits.max-orders=200\nlimits.pause=5s";

  private final String root = zooKeeper.freshRoot();
  private final LiveShop shop = new LiveShop(zooKeeper.connectString(), root);

  @AfterEach
  void close() {
    shop.close();
  }

  /** Arguments win over the system property of the same name that the build sets. */
  private static String refusal(SpringApplicationBuilder application, String... arguments) {
    try (ConfigurableApplicationContext context = application.run(arguments)) {
      return "started";
    } catch (RuntimeException e) {
      return Stream.iterate((Throwable) e, cause -> cause != null, Throwable::getCause)
          .filter(ZookitStartException.class::isInstance)
          .map(Throwable::getMessage)
          .findFirst()
          .orElse(e.toString());
    }
  }

  private SpringApplicationBuilder importingLimits(String... properties) {
    return shop.application(
        Stream.concat(Stream.of("spring.config.import=zookit:" + LIMITS), Stream.of(properties))
            .toArray(String[]::new));
  }

  @Test
  void run_neverPublished_saysWhatToDo(CapturedOutput output) {
    assertThat(refusal(importingLimits()))
        .contains("has never been published", "zookit config publish test/shop/limits");
    assertThat(output).contains("APPLICATION FAILED TO START");
  }

  @Test
  void run_refused_leavesNoSession() {
    shop.close();
    zooKeeper.checkLeaks();
    assertThat(refusal(importingLimits())).contains("has never been published");
  }

  @Test
  void run_deleted_saysWhatToDo() throws Exception {
    shop.publishLimits(SOUND);
    shop.store.delete(LIMITS, ANA);
    assertThat(refusal(importingLimits())).contains("was deleted", "zookit config ns restore");
  }

  @Test
  void run_malformedLocation_saysWhatToDo() {
    assertThat(refusal(shop.application("spring.config.import=zookit:limits")))
        .contains("does not name a namespace", "Write zookit:ENV/APP/NS");
  }

  @Test
  void run_unreachable_saysWhatToDo() {
    assertThat(refusal(
            importingLimits(), "--zookit.connect-timeout=200ms", "--zookit.connect=localhost:1"))
        .contains("cannot be reached at localhost:1", "set zookit.connect");
  }

  @Test
  void run_releaseThatDoesNotBind_saysWhichProperty() throws Exception {
    shop.publishLimits("limits.max-orders=5000\nlimits.pause=5s");
    assertThat(refusal(importingLimits()))
        .contains("cannot be bound", "limits.max", "publish a release that has them")
        .doesNotContain("5000");
  }

  @Test
  void run_optionalAndNeverPublished_warnsOnceAndFollows(CapturedOutput output) throws Exception {
    try (ConfigurableApplicationContext context = shop.application(
            "limits.max-orders=1",
            "limits.pause=1s",
            "spring.config.import=optional:zookit:" + LIMITS)
        .run()) {
      Prober prober = context.getBean(Prober.class);
      assertThat(prober.limits().get().maxOrders()).isEqualTo(1);
      assertThat(output.getOut().lines().filter(line -> line.contains("has no values yet")))
          .singleElement()
          .asString()
          .contains("WARN", LIMITS.toString());

      shop.publishLimits(SOUND);

      org.awaitility.Awaitility.await().until(() -> prober.limits().get().maxOrders() == 200);
    }
  }

  @Test
  void run_disabled_importsNothing() {
    try (ConfigurableApplicationContext context = importingLimits(
            "zookit.enabled=false", "limits.max-orders=1", "limits.pause=1s")
        .run()) {
      assertThat(context.getBeanProvider(ConfigImports.class).getIfAvailable()).isNull();
    }
  }

  @Test
  void run_outageWithSnapshots_startsFromThem(@TempDir Path folder) throws Exception {
    try (ZkServer server = ZkServer.start();
        LiveShop own = new LiveShop(server.connectString(), root)) {
      own.publishLimits(SOUND);
      own.publishPrices(3);
      String snapshots = "zookit.snapshots=" + folder;
      own.importing(snapshots).run().close();
      server.stop();

      try (ConfigurableApplicationContext context =
          own.importing(snapshots).run("--zookit.connect-timeout=500ms")) {
        Prober prober = context.getBean(Prober.class);
        assertThat(prober.limits().get().maxOrders()).isEqualTo(200);
        assertThat(prober.limits().generation().snapshot(LIMITS).orElseThrow().source())
            .isInstanceOf(ConfigSnapshot.Source.Stored.class);

        server.restart();
        org.awaitility.Awaitility.await()
            .until(() ->
                prober.limits().generation().snapshot(LIMITS).orElseThrow().source()
                    instanceof ConfigSnapshot.Source.Live);
      }
    }
  }

  @Test
  void run_wrongKeys_saysWhatToDo(@TempDir Path folder) throws Exception {
    Path right = keys(folder.resolve("right"), 1);
    Path wrong = keys(folder.resolve("wrong"), 2);
    try (ZkClient sealer =
        ZkClient.builder(zooKeeper.connectString()).root(root).connect()) {
      ConfigStore sealing =
          ConfigStore.builder(sealer).keys(KeyProvider.inFile(right)).build();
      sealing.create(LIMITS, ANA);
      sealing.setPolicy(LIMITS, sealing.policy(LIMITS).withSecrets("limits.notice"), ANA);
      sealing.publish(LIMITS, Content.properties(SOUND + "\nlimits.notice=hush"), ANA);
    }

    try (ConfigurableApplicationContext context =
        importingLimits("zookit.keys.file=" + right).run()) {
      assertThat(context.getBean(Prober.class).limits().get().notice()).isEqualTo("hush");
    }
    assertThat(refusal(importingLimits("zookit.keys.file=" + wrong), "--zookit.connect-timeout=3s"))
        .contains("cannot be read", "zookit.keys must have the key")
        .doesNotContain("hush");
  }

  private static Path keys(Path file, int fill) throws Exception {
    byte[] key = new byte[32];
    java.util.Arrays.fill(key, (byte) fill);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(
        file, "k" + fill + "=" + Base64.getEncoder().encodeToString(key) + "\n");
  }

  @Configuration(proxyBeanMethods = false)
  static class OtherAddress {

    @Bean
    ZookitConnectionDetails container() {
      return () -> "localhost:4711";
    }
  }

  @Test
  void run_detailsWithAnotherAddress_saysWhatToDo() throws Exception {
    shop.publishLimits(SOUND);
    assertThat(refusal(importingLimits().sources(OtherAddress.class)))
        .contains("localhost:4711", "Set zookit.connect");
  }

  @Configuration(proxyBeanMethods = false)
  static class LateCustomizer {

    @Bean
    ZkClientCustomizer label() {
      return builder -> builder.label("late");
    }
  }

  @Test
  void run_customizerThatCannotBeObeyed_saysWhatToDo() throws Exception {
    shop.publishLimits(SOUND);
    assertThat(refusal(importingLimits().sources(LateCustomizer.class)))
        .contains("do not reach them", "BootstrapRegistryInitializer");
  }
}
