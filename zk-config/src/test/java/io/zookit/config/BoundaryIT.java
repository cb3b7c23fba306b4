package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.PRICES;
import static io.zookit.config.ConfigWorld.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.internal.codec.Compression;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Contents at the limits and next to them. A write that ZooKeeper does not take would end the connection for all that share it. */
@Tag("full")
class BoundaryIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final int INLINE = 512 * 1024;
  private static final int MOST = 4 * 1024 * 1024;

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void publish_atTheLimitOfANode_isInItAndOneByteMoreIsApart() throws Exception {
    ConfigStore store = world.store();
    Content fits = compressedTo(INLINE);
    Content apart = compressedTo(INLINE + 1);

    store.publish(LIMITS, fits, ANA);
    assertThat(blobs()).isZero();
    store.publish(LIMITS, apart, ANA);

    assertThat(blobs()).isPositive();
    assertThat(store.history(LIMITS).content(1)).isEqualTo(fits);
    assertThat(store.history(LIMITS).content(2)).isEqualTo(apart);
    assertThat(store.follow(LIMITS).awaitReady(LONG).current().get("content"))
        .contains(apart.text());
  }

  @Test
  void publish_atTheLimitOfARelease_passesAndOneByteMoreLeavesTheConnectionAlone()
      throws Exception {
    FaultProxy proxy = world.proxy();
    ConfigStore store = ConfigStore.in(world.client(proxy.connectString(), LONG));
    Content fits = compressedTo(MOST);
    Content tooLarge = compressedTo(MOST + 1);

    assertThat(store.publish(LIMITS, fits, ANA).number()).isEqualTo(1);
    assertThat(store.history(LIMITS).content(1)).isEqualTo(fits);
    PacketCounts before = proxy.counts();
    int connections = proxy.connections().size();
    assertThatThrownBy(() -> store.publish(LIMITS, tooLarge, ANA))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining((MOST + 1) + " bytes compressed (expected: at most " + MOST + ")");

    assertThat(proxy.counts().minus(before).requests(Op.MULTI)).isZero();
    assertThat(proxy.counts().minus(before).requests(Op.CREATE)).isZero();
    assertThat(store.publish(LIMITS, numbers(2), ANA).number()).isEqualTo(2);
    assertThat(proxy.connections()).hasSize(connections);
  }

  @Test
  void publish_severalThatAreTooMuchTogether_changesNothingOrEverything() throws Exception {
    FaultProxy proxy = world.proxy();
    ConfigStore store = ConfigStore.in(world.client(proxy.connectString(), LONG));
    Content one = compressedTo(INLINE);
    Content other = compressedTo(INLINE - 1);
    int connections = proxy.connections().size();

    Map<Namespace, Release> both = store.publish(Map.of(LIMITS, one, PRICES, other), ANA);

    assertThat(both).hasSize(2);
    assertThat(store.history(LIMITS).content(1)).isEqualTo(one);
    assertThat(store.history(PRICES).content(1)).isEqualTo(other);
    assertThat(proxy.connections()).hasSize(connections);
  }

  private int blobs() {
    return world.below(world.root + "/config/prod/blobs").size();
  }

  /** Returns a text that has a given number of bytes when it is compressed. */
  private static Content compressedTo(int bytes) {
    String noise = PublishIT.noise(bytes, bytes + bytes / 3);
    int length = (int) (bytes / 0.82);
    for (int i = 0; i < 500; i++) {
      int packed = packedLength(noise.substring(0, length));
      if (packed == bytes) {
        return Content.text(noise.substring(0, length));
      }
      int step = (int) ((bytes - packed) / 0.82);
      length += step != 0 ? step : Integer.signum(bytes - packed);
    }
    throw new AssertionError("no text of " + bytes + " bytes compressed");
  }

  private static int packedLength(String text) {
    Compression.ExpansionLimit bound = new Compression.ExpansionLimit(100, 16 * 1024 * 1024);
    return Compression.compress(text.getBytes(StandardCharsets.UTF_8), bound).length;
  }
}
