package io.zookit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkUnavailableException;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Timeouts that never end, and clients that are closed. */
@Tag("full")
@Timeout(90)
class EndlessAndClosedIT {

  private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);
  private static final Namespace NS = Namespace.of("prod", "shop", "limits");
  private static final Change ANA = Change.by("ana");

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @Test
  void publish_withEndlessPatience_isPublished() throws Exception {
    try (ZkClient client = connect()) {
      ConfigStore store = ConfigStore.builder(client).timeout(FOREVER).build();
      assertThat(store.publish(NS, Content.properties("a=1"), ANA).number()).isEqualTo(1);
    }
  }

  @Test
  void publish_afterClose_failsAtOnce() throws Exception {
    ZkClient client = connect();
    ConfigStore store =
        ConfigStore.builder(client).timeout(Duration.ofSeconds(20)).build();
    store.publish(NS, Content.properties("a=1"), ANA);
    client.close();
    assertThatThrownBy(() -> store.publish(NS, Content.properties("a=2"), ANA))
        .isInstanceOf(ZkUnavailableException.class)
        .hasMessageContaining("the client is closed; nothing was changed");
    assertThatThrownBy(() -> store.history(NS).content(1))
        .isInstanceOf(ZkUnavailableException.class)
        .hasMessageContaining("the client is closed");
  }

  private static ZkClient connect() {
    return ZkClient.builder(zooKeeper.connectString())
        .root(zooKeeper.freshRoot())
        .connectTimeout(Duration.ofMinutes(1))
        .connect();
  }
}
