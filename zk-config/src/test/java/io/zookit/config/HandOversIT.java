package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.config.secret.KeyProvider;
import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The number of times that a change is handed from thread to thread on its way to a subscriber. */
@Tag("full")
class HandOversIT {

  private static final int RELEASES = 6;

  /** Longer than what is stored inside a head. */
  private static final int LONG_TEXT = 12_000;

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  record Settings(int n, String p, String filler) {}

  @TempDir
  Path folder = Path.of("");

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final AtomicInteger tasks = new AtomicInteger();

  @AfterEach
  void close() throws Exception {
    world.close();
    pool.shutdownNow();
  }

  @Test
  void follow_withoutRecordsFilesAndSecrets_appliesOnTheThreadThatRead() throws Exception {
    ConfigStore publisher = world.store();
    LiveValue<ConfigSnapshot> live = ConfigStore.in(counted()).follow(LIMITS);
    publisher.publish(LIMITS, content(0), ANA);
    live.awaitReady(LONG);
    tasks.set(0);

    publisher.publish(LIMITS, content(1), ANA);
    soon().until(() -> live.current().get("n").filter("1"::equals).isPresent());

    assertThat(tasks).hasValue(0);
    AtomicInteger told = new AtomicInteger();
    live.subscribe(snapshot -> told.incrementAndGet());
    soon().until(() -> told.get() == 1);
    tasks.set(0);
    publisher.publish(LIMITS, content(2), ANA);
    soon().until(() -> told.get() == 2);
    assertThat(tasks).hasValue(1);
  }

  @Test
  void bind_withFilesAndSecrets_isHandedOverTwiceAtMost() throws Exception {
    KeyProvider keys = keys();
    ConfigStore publisher = ConfigStore.builder(world.client()).keys(keys).build();
    ConfigStore store = ConfigStore.builder(counted())
        .keys(keys)
        .snapshots(folder.resolve("snapshots"))
        .build();
    publisher.publish(LIMITS, content(0).withSecret("p", "secret 0"), ANA);
    LiveValue<Settings> live = store.bind(LIMITS, Settings.class).awaitReady(LONG);
    AtomicInteger told = new AtomicInteger(-1);
    live.subscribe(settings -> told.set(settings.n()));
    soon().until(() -> told.get() == 0);
    int least = Integer.MAX_VALUE;

    for (int n = 1; n <= RELEASES; n++) {
      int expected = n;
      tasks.set(0);
      publisher.publish(LIMITS, content(n).withSecret("p", "secret " + n), ANA);
      soon().until(() -> told.get() == expected);
      least = Math.min(least, tasks.get());
    }

    assertThat(least).isBetween(1, 2);
  }

  private ZkClient counted() {
    Executor counting = task -> {
      tasks.incrementAndGet();
      pool.execute(task);
    };
    return world.keep(ZkClient.builder(zooKeeper.connectString())
        .root(world.root)
        .executor(counting)
        .connect());
  }

  private static Content content(int n) {
    StringBuilder filler = new StringBuilder();
    java.util.Random random = new java.util.Random(n);
    while (filler.length() < LONG_TEXT) {
      filler.append(Long.toHexString(random.nextLong()));
    }
    return Content.properties("n=" + n + "\nfiller=" + filler + "\n");
  }

  private KeyProvider keys() throws Exception {
    byte[] key = Arrays.copyOf("m1".getBytes(StandardCharsets.US_ASCII), 32);
    return KeyProvider.inFile(PrivateFile.write(
        folder.resolve("keys"), "m1=" + Base64.getEncoder().encodeToString(key) + "\n"));
  }
}
