package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.numbers;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.config.gray.Audience;
import io.zookit.config.internal.model.ReleaseRef;
import io.zookit.config.secret.KeyProvider;
import io.zookit.core.LiveValue;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A small release is stored inside the head, too; a client that cannot use it there reads its node. */
@Tag("full")
class RiderIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  /** The head as a reader knows it that was built before riders existed. */
  record EarlierHead(
      @Stored("epoch") long epoch,
      @Stored("revision") long revision,
      @Stored("lastRelease") int lastRelease,
      @Stored("stable") ReleaseRef stable) {}

  @TempDir
  Path folder = Path.of("");

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());
  private final ConfigStore store = world.store();

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void follow_aSmallRelease_needsNothingButTheHead() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    deleteRelease(1);

    LiveValue<ConfigSnapshot> live = world.instance("x").follow(LIMITS).awaitReady(LONG);

    assertThat(live.current().get("a")).contains("1");
    assertThat(live.current().release()).isEqualTo(1);
    assertThat(live.current().origin("a").orElseThrow().author()).isEqualTo("ana");
  }

  @Test
  void follow_aSmallReleaseWithSecrets_opensThem() throws Exception {
    String key = Base64.getEncoder().encodeToString(new byte[32]);
    KeyProvider keys =
        KeyProvider.inFile(PrivateFile.write(folder.resolve("keys"), "m1=" + key + "\n"));
    ConfigStore writer = ConfigStore.builder(world.client()).keys(keys).build();
    writer.publish(LIMITS, numbers(1).withSecret("password", "hunter2"), ANA);
    assertThat(head()).contains("rider").doesNotContain("hunter2");
    deleteRelease(1);

    LiveValue<ConfigSnapshot> live =
        ConfigStore.builder(world.client()).keys(keys).build().follow(LIMITS).awaitReady(LONG);

    assertThat(live.current().get("password")).contains("hunter2");
  }

  @Test
  @Tag("full")
  void head_whileNotAllAreToHaveTheRelease_carriesNone() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    assertThat(head()).contains("rider");

    GrayRelease gray = store.gray(LIMITS, numbers(2), Audience.percent(50), ANA);
    assertThat(head()).doesNotContain("rider");

    gray.promote(ANA);
    assertThat(head()).contains("rider");
    store.delete(LIMITS, ANA);
    assertThat(head()).doesNotContain("rider");
    store.restore(LIMITS, ANA);
    LiveValue<ConfigSnapshot> live = world.instance("x").follow(LIMITS).awaitReady(LONG);
    assertThat(live.current().get("a")).contains("2");
  }

  @Test
  void head_ofALargeRelease_carriesNone() throws Exception {
    StringBuilder text = new StringBuilder();
    Random random = new Random(7);
    while (text.length() < 20_000) {
      text.append("key-")
          .append(text.length())
          .append('=')
          .append(random.nextLong())
          .append('\n');
    }

    store.publish(LIMITS, Content.properties(text.toString()), ANA);

    assertThat(head()).doesNotContain("rider");
    LiveValue<ConfigSnapshot> live = world.instance("x").follow(LIMITS).awaitReady(LONG);
    assertThat(live.current().get("key-4")).isPresent();
  }

  @Test
  void follow_aRiderThatIsDamaged_readsTheReleaseItself() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    String good = head();
    int at = good.indexOf("\"packed\":\"") + 10 + 30; // behind the header of gzip
    char other = good.charAt(at) == 'A' ? 'B' : 'A';
    write(good.substring(0, at) + other + good.substring(at + 1));

    LiveValue<ConfigSnapshot> live = world.instance("x").follow(LIMITS).awaitReady(LONG);

    assertThat(live.current().get("a")).contains("1");
  }

  @Test
  void follow_aHeadFromWhichAnEarlierWriterTookTheRider_goesOn() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    LiveValue<ConfigSnapshot> live = world.instance("x").follow(LIMITS).awaitReady(LONG);
    String head = head();
    write(head.substring(0, head.indexOf(",\"rider\"")) + "}");

    LiveValue<ConfigSnapshot> late = world.instance("y").follow(LIMITS).awaitReady(LONG);
    assertThat(late.current().get("a")).contains("1");

    store.publish(LIMITS, numbers(2), ANA);
    soon().until(() -> live.current().get("a").filter("2"::equals).isPresent());
    assertThat(head()).contains("rider");
  }

  @Test
  void head_withARider_isReadByAnEarlierReader() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);

    Decoded<EarlierHead> read = RecordCodec.of(EarlierHead.class, 1)
        .withLimit(16 * 1024)
        .decode(head().getBytes(StandardCharsets.UTF_8));

    assertThat(read).isInstanceOf(Decoded.Value.class);
    assertThat(((Decoded.Value<EarlierHead>) read).value().stable().release()).isEqualTo(1);
  }

  private void deleteRelease(int number) throws Exception {
    world.plain().delete(world.path(LIMITS) + String.format("/releases/%010d", number), -1);
  }

  private String head() throws Exception {
    ZooKeeper admin = world.plain();
    return new String(
        admin.getData(world.path(LIMITS) + "/head", false, null), StandardCharsets.UTF_8);
  }

  private void write(String head) throws Exception {
    world.plain().setData(world.path(LIMITS) + "/head", head.getBytes(StandardCharsets.UTF_8), -1);
  }
}
