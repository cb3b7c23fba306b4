package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.PRICES;
import static io.zookit.config.ConfigWorld.numbers;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.config.bind.Pattern;
import io.zookit.config.secret.KeyProvider;
import io.zookit.core.LiveValue;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Providers of keys and records that fail: they cost one release or one moment, and nothing else. */
class UserCodeIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  /** A text that the pattern's engine has no stack for when it is long. */
  record Deep(@Pattern("(a|b)*") String text) {}

  /** Throws an error that should not be caught. */
  record Hungry(int a, int b) {
    public Hungry {
      if (a > 1) {
        throw new OutOfMemoryError("of the test");
      }
    }
  }

  /** Cannot be compared. */
  record Odd(int a, int b) {
    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
      throw new IllegalStateException("of the test");
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  /** Fails once. */
  private record Moody(KeyProvider right, AtomicInteger asked) implements KeyProvider {

    @Override
    public String current() {
      return right.current();
    }

    @Override
    public Wrapped wrap(byte[] dataKey, String bound) {
      return right.wrap(dataKey, bound);
    }

    @Override
    public byte[] unwrap(Wrapped wrapped, String bound) {
      if (asked.getAndIncrement() == 0) {
        throw new IllegalStateException("of the test");
      }
      return right.unwrap(wrapped, bound);
    }
  }

  @TempDir
  Path folder = Path.of("");

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());
  private final ConfigStore store = world.store();
  private final AtomicInteger asked = new AtomicInteger();

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void follow_withAProviderThatFailsOnce_goesOnFollowing() throws Exception {
    ConfigStore publisher = ConfigStore.builder(world.client()).keys(keys()).build();
    publisher.publish(LIMITS, secret(1), ANA);
    LiveValue<ConfigSnapshot> live = ConfigStore.builder(world.client())
        .keys(new Moody(keys(), asked))
        .build()
        .follow(LIMITS);
    soon().until(() -> asked.get() > 0);
    publisher.publish(LIMITS, secret(2), ANA);
    publisher.publish(LIMITS, secret(3), ANA);

    live.awaitReady(LONG);
    soon().until(() -> live.current().get("p").filter("secret 3"::equals).isPresent());
  }

  @Test
  void start_withAProviderThatFailsAtTheFile_followsAllTheSame() throws Exception {
    Path files = folder.resolve("snapshots");
    ConfigStore first =
        ConfigStore.builder(world.client()).keys(keys()).snapshots(files).build();
    first.publish(LIMITS, secret(1), ANA);
    first.follow(LIMITS).awaitReady(LONG).close();

    LiveValue<ConfigSnapshot> again = ConfigStore.builder(world.client())
        .keys(new Moody(keys(), asked))
        .snapshots(files)
        .build()
        .follow(LIMITS)
        .awaitReady(LONG);

    assertThat(asked.get()).isGreaterThan(1);
    assertThat(again.current().get("p")).contains("secret 1");
  }

  @Test
  void bind_aRecordWhosePatternOverflows_isARefusalAndStopsNobodyElse() throws Exception {
    Content tooLong = Content.properties("text=" + "ab".repeat(50_000));

    Deep kept = keptBesideAnother(Deep.class, Content.properties("text=ab"), tooLong);

    assertThat(kept.text()).isEqualTo("ab");
  }

  @Test
  void bind_aRecordThatCannotBeCompared_stopsNobodyElse() throws Exception {
    Odd kept = keptBesideAnother(Odd.class, numbers(1), numbers(2));

    assertThat(kept.a()).isEqualTo(1);
  }

  @Test
  void bind_aRecordThatThrowsAnyError_stopsNobodyElse() throws Exception {
    Hungry kept = keptBesideAnother(Hungry.class, numbers(1), numbers(2));

    assertThat(kept.a()).isEqualTo(1);
  }

  /** The first content stays in force when the second is refused, and another record of this process goes on following. */
  private <T extends Record> T keptBesideAnother(Class<T> type, Content first, Content second)
      throws Exception {
    store.publish(LIMITS, first, ANA);
    store.publish(PRICES, numbers(1), ANA);
    LiveValue<T> live = store.bind(LIMITS, type).awaitReady(LONG);
    LiveValue<FollowIT.Pair> other = store.bind(PRICES, FollowIT.Pair.class).awaitReady(LONG);

    store.publish(LIMITS, second, ANA);

    soon()
        .until(() -> store.instances(LIMITS).stream()
            .anyMatch(ack -> ack.status() == InstanceReleaseStatus.Status.REJECTED));
    store.publish(PRICES, numbers(2), ANA);
    soon().until(() -> other.current().a() == 2);
    return live.current();
  }

  private static Content secret(int n) {
    return Content.properties("a=" + n + "\n").withSecret("p", "secret " + n);
  }

  private KeyProvider keys() throws Exception {
    byte[] key = Arrays.copyOf("m1".getBytes(StandardCharsets.US_ASCII), 32);
    return KeyProvider.inFile(PrivateFile.write(
        folder.resolve("keys"), "m1=" + Base64.getEncoder().encodeToString(key) + "\n"));
  }
}
