package io.zookit.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.IncarnationException;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that are put back to an older copy, or wiped, under processes that know better. */
@Tag("full")
class RestoredDataIT {

  private static final IdLayout LAYOUT = IdLayout.of(41, 2, 12);
  private static final String DATA = "version-2";

  @TempDir
  private Path folder;

  private ZkServer server = ZkServer.start();
  private IdWorld world = new IdWorld(server, "/unused");

  @BeforeEach
  void start() {
    server.close();
    server = ZkServer.start(Map.of("dataDir", folder.resolve("data").toString()));
    world = new IdWorld(server, "/restored");
  }

  @AfterEach
  void close() throws Exception {
    world.close();
    server.close();
  }

  private static Sequence sequence(ZkClient client) {
    return Sequence.named("invoice", client).timeout(IdWorld.LONG);
  }

  private Snowflake snowflake(ZkClient client) {
    return world.keep(
        Snowflake.named("orders", client).layout(LAYOUT).timeout(IdWorld.LONG).build());
  }

  private static long last(Sequence sequence, int count) throws InterruptedException {
    long number = 0;
    for (int i = 0; i < count; i++) {
      number = whenConnected(sequence::next);
    }
    return number;
  }

  /** A call that is answered, or refused. */
  private interface IdCall<T> {
    T make() throws InterruptedException;
  }

  /** Makes a call again while the loss of the connection is not noticed yet. */
  private static <T> T whenConnected(IdCall<T> call) throws InterruptedException {
    for (int tries = 0; ; tries++) {
      try {
        return call.make();
      } catch (IdUnavailableException e) {
        assertThat(tries).isLessThan(5);
      }
    }
  }

  private void backUp() throws IOException {
    server.stop();
    copy(folder.resolve("data").resolve(DATA), folder.resolve("backup"));
    server.restart();
  }

  private void restore() throws IOException {
    server.stop();
    copy(folder.resolve("backup"), folder.resolve("data").resolve(DATA));
    server.restart();
  }

  private static void copy(Path from, Path to) throws IOException {
    if (Files.exists(to)) {
      for (Path old : list(to)) {
        Files.delete(old);
      }
    }
    Files.createDirectories(to);
    for (Path each : list(from)) {
      Files.copy(each, to.resolve(each.getFileName()));
    }
  }

  private static List<Path> list(Path of) throws IOException {
    try (Stream<Path> all = Files.list(of)) {
      return all.toList();
    }
  }

  @Test
  void next_dataRestored_processThatRemembersHandsOutNothing() throws Exception {
    Sequence remembers = sequence(world.client("remembers")).createFrom(1);
    assertThat(last(remembers, 10)).isEqualTo(10);
    backUp();
    assertThat(last(remembers, 10)).isGreaterThanOrEqualTo(20);

    restore();

    // Which of the two is noticed first depends on what the server wrote when it started.
    assertThatThrownBy(() -> whenConnected(remembers::next))
        .isInstanceOfAny(IncarnationException.class, IdBlockedException.class);
  }

  @Test
  void next_restoredAndRaised_neverRepeats() throws Exception {
    Set<Long> ids = new HashSet<>();
    ZkClient before = world.client("before");
    Sequence numbers = sequence(before).createFrom(1);
    Snowflake snowflakes = snowflake(before);
    Counter hits = Counter.named("hits", before).timeout(IdWorld.LONG);
    assertThat(last(numbers, 10)).isEqualTo(10);
    assertThat(ids.add(snowflakes.next())).isTrue();
    hits.add(10);
    backUp();
    long greatest = last(numbers, 10);
    for (int i = 0; i < 1_000; i++) {
      assertThat(ids.add(snowflakes.next())).isTrue();
    }
    hits.add(10);
    before.close();

    restore();
    ZkClient after = world.client("after");
    after.raiseIncarnation(2);

    assertThatThrownBy(() -> sequence(after).next()).isInstanceOf(IdBlockedException.class);
    assertThat(IdInspector.in(after)
            .timeout(IdWorld.LONG)
            .raise("invoice", greatest + 1)
            .next())
        .hasValue(greatest + 1);
    assertThat(sequence(after).next()).isEqualTo(greatest + 1);
    Snowflake later = snowflake(after);
    for (int i = 0; i < 1_000; i++) {
      assertThat(ids.add(later.next())).isTrue();
    }
    IdInspector.in(after).timeout(IdWorld.LONG).raise("hits", 20);
    assertThat(Counter.named("hits", after).timeout(IdWorld.LONG).sum()).isEqualTo(20);
  }

  @Test
  void next_everythingWiped_processThatRemembersNeitherGoesOnNorBeginsAgain() throws Exception {
    Sequence remembers = sequence(world.client("remembers")).createFrom(1);
    assertThat(last(remembers, 3)).isEqualTo(3);

    server.stop();
    for (Path each : list(folder.resolve("data").resolve(DATA))) {
      Files.delete(each);
    }
    server.restart();

    assertThatThrownBy(() -> whenConnected(remembers::next))
        .isInstanceOfAny(IncarnationException.class, IdNotFoundException.class);
    assertThatThrownBy(() -> whenConnected(() -> remembers.createFrom(1)))
        .isInstanceOfAny(IncarnationException.class, IdBlockedException.class);
  }
}
