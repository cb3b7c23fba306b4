package io.zookit.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.IncarnationException;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.testkit.ZkProcesses;
import io.zookit.testkit.ZkProcessesBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three servers that are all put back to an older copy, under a process that knows better. */
@Tag("nightly")
@Timeout(600)
class RestoredQuorumIT {

  private static final IdLayout LAYOUT = IdLayout.of(41, 2, 12);
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int SERVERS = 3;
  private static final String DATA = "version-2";

  @TempDir
  private Path folder;

  private final List<ZkClient> clients = new ArrayList<>();
  private ZkProcesses servers;

  @BeforeEach
  void start() {
    ZkProcessesBuilder builder = ZkProcesses.servers(SERVERS);
    for (int server = 0; server < SERVERS; server++) {
      builder.data(server, data(server));
    }
    servers = builder.start();
  }

  @AfterEach
  void close() {
    clients.forEach(ZkClient::close);
    servers.close();
  }

  private Path data(int server) {
    return folder.resolve("data-" + server);
  }

  private ZkClient client(String label) {
    ZkClient client = ZkClient.builder(servers.connectString())
        .connectTimeout(LONG)
        .sessionTimeout(Duration.ofSeconds(6))
        .root("/restored")
        .label(label)
        .connect();
    clients.add(client);
    return client;
  }

  private static Sequence invoices(ZkClient client) {
    return Sequence.named("invoice", client).timeout(LONG);
  }

  private static Segments orders(ZkClient client) {
    return Segments.named("order-no", client).timeout(LONG);
  }

  private void stopAll() throws InterruptedException {
    for (int server = 0; server < SERVERS; server++) {
      servers.stop(server);
    }
  }

  private void startAll() throws InterruptedException {
    for (int server = 0; server < SERVERS; server++) {
      servers.restart(server);
    }
    assertThat(servers.awaitServing(LONG)).isTrue();
  }

  private void copyAll(boolean back) throws IOException {
    for (int server = 0; server < SERVERS; server++) {
      Path data = data(server).resolve(DATA);
      Path backup = folder.resolve("backup-" + server);
      replace(back ? backup : data, back ? data : backup);
    }
  }

  private static void replace(Path from, Path to) throws IOException {
    if (Files.exists(to)) {
      try (Stream<Path> old = Files.walk(to)) {
        for (Path each : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path each : files.toList()) {
        Files.copy(each, to.resolve(each.getFileName()));
      }
    }
  }

  private interface NumberCall {

    long next() throws InterruptedException;
  }

  /** Tells if the call is refused because the data are older; a lost connection is none, and an old number an error. */
  private static boolean isRefused(NumberCall call, long last) throws InterruptedException {
    try {
      assertThat(call.next()).as("a number that was handed out").isGreaterThan(last);
      return false;
    } catch (IncarnationException | IdBlockedException e) {
      return true;
    } catch (ZkException e) {
      return false;
    }
  }

  @Test
  void next_everyServerRestored_noNumberIsHandedOutAgain() throws Exception {
    Set<Long> ids = new HashSet<>();
    ZkClient remembers = client("remembers");
    Sequence invoices = invoices(remembers).createFrom(1);
    Segments orders = orders(remembers).createFrom(1, 10);
    long invoice = 0;
    long order = 0;
    try (Snowflake snowflakes =
        Snowflake.named("orders", remembers).layout(LAYOUT).timeout(LONG).build()) {
      invoice = invoices.next();
      order = orders.next();
      assertThat(ids.add(snowflakes.next())).isTrue();

      stopAll();
      copyAll(false);
      startAll();
      for (int i = 0; i < 20; i++) {
        invoice = invoices.next();
        order = orders.next();
        for (int n = 0; n < 100; n++) {
          assertThat(ids.add(snowflakes.next())).isTrue();
        }
      }
      stopAll();
      copyAll(true);
      startAll();

      long last = invoice;
      await().atMost(LONG.multipliedBy(2)).until(() -> isRefused(invoices::next, last));
      // What was undone within a minute is noticed a name at a time, by a process that remembers
      // it.
      long lastOrder = order;
      await().atMost(LONG.multipliedBy(2)).until(() -> isRefused(orders::next, lastOrder));
    }

    ZkClient fresh = client("fresh");
    assertThatThrownBy(() -> invoices(fresh).next())
        .isInstanceOfAny(IncarnationException.class, IdBlockedException.class);
    assertThatThrownBy(() -> orders(fresh).next())
        .isInstanceOfAny(IncarnationException.class, IdBlockedException.class);

    remembers.close();
    fresh.raiseIncarnation(2);
    IdInspector admin = IdInspector.in(fresh).timeout(LONG);
    admin.raise("invoice", invoice + 1);
    admin.raise("order-no", order + 1);
    assertThat(invoices(fresh).next()).isEqualTo(invoice + 1);
    assertThat(orders(fresh).next()).isGreaterThan(order);
    try (Snowflake later =
        Snowflake.named("orders", fresh).layout(LAYOUT).timeout(LONG).build()) {
      for (int n = 0; n < 1_000; n++) {
        assertThat(ids.add(later.next())).isTrue();
      }
    }
  }
}
