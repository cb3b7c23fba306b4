package io.zookit.config.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.config.Change;
import io.zookit.config.ConfigRejectedException;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ConfigFolderIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Change ANA = Change.by("ana");
  private static final Namespace LIMITS = Namespace.of("prod", "checkout", "limits");
  private static final Namespace PRICES = Namespace.of("prod", "checkout", "prices");

  @TempDir
  Path folder = Path.of("");

  private final ZkClient client = ZkClient.builder(zooKeeper.server().connectString())
      .connectTimeout(Duration.ofMinutes(1))
      .root(zooKeeper.freshRoot())
      .connect();
  private final ConfigStore store = ConfigStore.in(client);

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void export_andApply_areInverse() throws Exception {
    store.publish(LIMITS, Content.properties("a=1\n"), ANA);
    store.publish(PRICES, Content.yaml("b: 1\n"), ANA);
    ConfigFolder files = ConfigFolder.at(folder);

    assertThat(files.export(store, store.namespaces()))
        .containsExactlyInAnyOrder(
            folder.resolve("prod/checkout/limits.properties"),
            folder.resolve("prod/checkout/prices.yaml"));
    assertThat(files.drift(store)).isEmpty();
    Files.writeString(folder.resolve("prod/checkout/limits.properties"), "a=2\n");
    assertThat(files.drift(store)).containsOnlyKeys(LIMITS);

    assertThat(files.apply(store, ANA)).hasSize(2);

    assertThat(store.history(LIMITS).content(2).text()).isEqualTo("a=2\n");
    assertThat(store.state(PRICES).orElseThrow().lastRelease()).isEqualTo(1);
    assertThat(files.drift(store)).isEmpty();
  }

  @Test
  void apply_withOneFileThatIsNotValid_changesNothing() throws Exception {
    store.create(PRICES, ANA);
    String schema =
        "{\"type\":\"object\",\"properties\":{\"b\":{\"type\":\"integer\",\"maximum\":10}},"
            + "\"required\":[\"b\"]}";
    store.setPolicy(PRICES, Policy.standard().withSchema(schema), ANA);
    Path place = Files.createDirectories(folder.resolve("prod/checkout"));
    Files.writeString(place.resolve("limits.properties"), "a=1\n");
    Files.writeString(place.resolve("prices.json"), "{\"b\": 4242}\n");

    assertThatThrownBy(() -> ConfigFolder.at(folder).apply(store, ANA))
        .isInstanceOf(ConfigRejectedException.class)
        .hasMessageContaining("maximum")
        .hasMessageNotContaining("4242");
    assertThat(store.state(LIMITS)).isEmpty();
    Files.writeString(place.resolve("prices.json"), "{\"b\": 4}\n");
    assertThat(ConfigFolder.at(folder).apply(store, ANA)).hasSize(2);
  }

  @Test
  void read_filesOutOfPlace_isRefused() throws Exception {
    for (String name : List.of("top.properties", "prod/checkout/x.exe", "prod/a/b/deep.yaml")) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "");
      assertThatThrownBy(() -> ConfigFolder.at(folder).read())
          .isInstanceOf(IllegalArgumentException.class);
      Files.delete(file);
    }
  }

  @Test
  void read_ofAWorkingCopy_leavesTheOtherFilesOut() throws Exception {
    for (String name : List.of(
        ".git/config",
        ".git/refs/heads/main",
        ".github/workflows/apply.yaml",
        "README.md",
        "LICENSE",
        "Makefile",
        "prod/OWNERS",
        "prod/checkout/README.md",
        "prod/checkout/.limits.properties.swp",
        "prod/checkout/limits.properties")) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "a=1\n");
    }
    assertThat(ConfigFolder.at(folder).read()).containsOnlyKeys(LIMITS);
  }
}
