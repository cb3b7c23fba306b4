package io.zookit.core.internal.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.IncarnationException;
import io.zookit.core.Reconnect;
import io.zookit.core.SessionState;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.Inside;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.node.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.WireHandle;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a client remembers of the data, and what it does when they are not the data that it remembers. */
@Timeout(180)
class LineageIT {

  private static final Duration LONG = Duration.ofSeconds(60);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final List<AutoCloseable> opened = Collections.synchronizedList(new ArrayList<>());

  @TempDir
  Path folder;

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : List.copyOf(opened)) {
      each.close();
    }
  }

  @Test
  void historyOfACopy_readByALivingClient_isSuspectedByAllUntilAnOperatorRaises() throws Exception {
    String root = zooKeeper.freshRoot();
    Inside living = connect(zooKeeper.connectString(), root);
    Inside second = connect(zooKeeper.connectString(), root);
    Lineage copied = read(living);
    write(living, copied.next("aa"));
    awaitVersion(living, 1);
    awaitVersion(second, 1);

    write(living, lifted(copied).next("cc"));

    awaitSuspicion(living);
    awaitSuspicion(second);
    Inside late = connect(zooKeeper.connectString(), root);
    awaitSuspicion(late);
    assertThat(late.client.suspicion().orElseThrow().reason()).contains("another version 1");
    WireHandle before = second.handle();
    assertThat(living.client.raiseIncarnation(0)).isEqualTo(2);
    for (Inside each : List.of(living, second, late)) {
      await().atMost(LONG).untilAsserted(() -> {
        assertThat(each.client.suspicion()).isEmpty();
        assertThat(each.client.session().state()).isEqualTo(SessionState.CONNECTED);
        assertThat(each.client.token(7, 0).incarnation()).isEqualTo(2);
      });
    }
    assertThat(before.isOver())
        .as("a copy can bring back what a session had given up")
        .isTrue();
    Answer<Stat> suspect = living.ask((handle, reply) ->
        handle.exists(living.client.rootPath().own(LineageKeeper.SUSPECT), null, reply));
    assertThat(suspect.get().getDataLength()).isZero();
    awaitTrust(connect(zooKeeper.connectString(), root));
  }

  @Test
  void recall_memoryOfALaterState_isSuspected() throws Exception {
    String root = zooKeeper.freshRoot();
    Inside first = connect(zooKeeper.connectString(), root);
    Lineage here = read(first);
    String kept = Lineage.of(here.next("aa"), stat(here, 7)).toText();
    Inside restarted = connect(zooKeeper.connectString(), root);
    CompletableFuture<Boolean> compared = new CompletableFuture<>();
    restarted.doOnLoop(() -> restarted.client.recall(kept, () -> compared.complete(true)));
    assertThat(Inside.get(compared)).isTrue();
    awaitSuspicion(restarted);
    awaitSuspicion(first);
    assertThat(restarted.client.suspicion().orElseThrow().reason())
        .contains("went back from version 7 to 0");
  }

  @Test
  void incarnationGoneUnderALineage_isSuspectedAndNeverLowered() throws Exception {
    String root = zooKeeper.freshRoot();
    Inside operator = connect(zooKeeper.connectString(), root);
    assertThat(operator.client.raiseIncarnation(9)).isEqualTo(9);
    operator.close();
    try (ZkClient plain =
        ZkClient.builder(zooKeeper.connectString()).root("/other").connect()) {
      Inside.of(plain).zooKeeper().delete(root + "/~incarnation", -1);
    }
    Inside late = connect(zooKeeper.connectString(), root);
    awaitSuspicion(late);
    assertThat(late.client.raiseIncarnation(0)).isEqualTo(10);
    awaitTrust(late);
  }

  @Test
  void raise_suspicionIsPublishedBetweenItsReadAndItsWrite_withdrawsItToo() throws Exception {
    String root = zooKeeper.freshRoot();
    Inside witness = connect(zooKeeper.connectString(), root);
    FaultProxy proxy = FaultProxy.to(zooKeeper.server());
    opened.add(proxy);
    Inside operator = connect(proxy.connectString(), root);
    byte[] suspected =
        SuspectRecord.CODEC.encode(new SuspectRecord("another", "restored", 1, "known", "found"));
    proxy.resetCounters();
    proxy.delayReplies(Duration.ofMillis(500));
    CompletableFuture<Long> raised = new CompletableFuture<>();
    Thread raising = new Thread(() -> {
      try {
        raised.complete(operator.client.raiseIncarnation(0));
      } catch (InterruptedException | RuntimeException e) {
        raised.completeExceptionally(e);
      }
    });
    raising.start();
    await().atMost(LONG).until(() -> proxy.requests(Op.GET_DATA) >= 3);
    Answer<SessionHandle.Created> created = witness.ask((handle, reply) -> handle.create(
        witness.client.rootPath().own(LineageKeeper.SUSPECT),
        suspected,
        witness.client.acl(witness.client.rootPath()),
        CreateMode.PERSISTENT,
        reply));
    proxy.heal();
    assertThat(created.isOk()).isTrue();
    assertThat(Inside.get(raised)).isEqualTo(2);
    awaitTrust(operator);
    awaitTrust(witness);
  }

  @Test
  void heartbeat_quietClient_readsTheLineageAndNothingElse() {
    String root = zooKeeper.freshRoot();
    FaultProxy proxy = FaultProxy.to(zooKeeper.server());
    opened.add(proxy);
    // Long enough that a busy machine does not cost the connection, which is looked after with an
    // exists.
    Inside quiet = Inside.connect(
        ZkClient.builder(proxy.connectString()).root(root).sessionTimeout(Duration.ofSeconds(8)));
    opened.add(quiet);
    await().atMost(LONG).until(() -> zooKeeper.server().nodes(root).size() == 2);
    quiet.<Boolean>ask((handle, reply) -> handle.sync(quiet.client.rootPath(), reply));
    quiet.<Boolean>ask((handle, reply) -> handle.sync(quiet.client.rootPath(), reply));
    proxy.resetCounters();
    await().atMost(LONG).until(() -> proxy.requests(Op.GET_DATA) >= 3);
    assertThat(proxy.requests(Op.EXISTS)).isZero();
    assertThat(proxy.requests(Op.SET_DATA)).isZero();
    assertThat(quiet.client.suspicion()).isEmpty();
  }

  /** The copy is lifted above everything that the client knew before it comes back, so it keeps its session. */
  @Test
  @Tag("full")
  void hotCopyRestoredAndLifted_underASessionThatLivesOn_isNoticed() throws Exception {
    Path data = folder.resolve("data");
    Path backup = folder.resolve("backup");
    try (ZkServer server =
            ZkServer.start(Map.of("dataDir", data.toString(), "maxSessionTimeout", "120000"));
        FaultProxy proxy = FaultProxy.to(server)) {
      Inside living = Inside.connect(ZkClient.builder(proxy.connectString())
          .root("/r")
          .sessionTimeout(Duration.ofSeconds(60)));
      opened.add(living);
      for (int version = 1; version <= 3; version++) {
        write(living, read(living).next("a" + version));
      }
      copy(data, backup);
      for (int version = 4; version <= 7; version++) {
        write(living, read(living).next("a" + version));
      }
      Reconnect.force(living.client, proxy); // each connect reads it
      awaitVersion(living, 7);
      long session = living.zooKeeper().getSessionId();
      proxy.refuse();
      proxy.cut();
      server.stop();
      delete(data);
      copy(backup, data);
      server.restart();
      Inside foreign = connect(server.connectString(), "/r");
      foreign.withRoot();
      for (int i = 0; i < 60; i++) {
        foreign.<SessionHandle.Created>ask((handle, reply) -> handle.create(
            foreign.path("n"),
            new byte[0],
            foreign.client.acl(foreign.path("n")),
            CreateMode.PERSISTENT_SEQUENTIAL,
            reply));
      }
      for (int version = 4; version <= 8; version++) {
        write(foreign, read(foreign).next("b" + version));
      }
      proxy.heal();
      awaitSuspicion(living);
      assertThat(living.zooKeeper().getSessionId()).as("the session lives on").isEqualTo(session);
      assertThat(living.client.suspicion().orElseThrow().reason()).contains("another version");
      awaitSuspicion(foreign);
      assertThat(living.client.raiseIncarnation(0)).isEqualTo(2);
      awaitTrust(living);
      awaitTrust(foreign);
    }
  }

  private static Lineage lifted(Lineage copied) {
    return Lineage.of(copied.next("bb"), stat(copied, copied.here().version() + 1));
  }

  private static Stat stat(Lineage of, int version) {
    Stat stat = new Stat();
    stat.setCzxid(of.czxid());
    stat.setCtime(of.ctime());
    stat.setMzxid(of.here().mzxid() + 1);
    stat.setVersion(version);
    return stat;
  }

  private Inside connect(String connectString, String root) {
    Inside inside = Inside.connect(
        ZkClient.builder(connectString).root(root).sessionTimeout(Duration.ofSeconds(1)));
    opened.add(0, inside);
    return inside;
  }

  private static Lineage read(Inside inside) {
    ZkPath path = inside.client.rootPath().own(LineageKeeper.LINEAGE);
    await().atMost(LONG).until(() -> inside.client.lineage().isPresent());
    Answer<SessionHandle.Node> read =
        inside.ask((handle, reply) -> handle.getData(path, null, reply));
    LineageRecord record =
        ((Decoded.Value<LineageRecord>) LineageRecord.CODEC.decode(read.get().data())).value();
    return Lineage.of(record, read.get().stat());
  }

  private static void write(Inside inside, LineageRecord next) {
    ZkPath path = inside.client.rootPath().own(LineageKeeper.LINEAGE);
    Answer<Stat> set = inside.ask(
        (handle, reply) -> handle.setData(path, LineageRecord.CODEC.encode(next), -1, reply));
    if (!set.isOk()) {
      throw new ZkUnavailableException(set.toString());
    }
  }

  private static void awaitVersion(Inside inside, int version) {
    await().atMost(LONG).until(() -> inside.client.lineage().orElseThrow().version() == version);
  }

  private static void awaitSuspicion(Inside inside) {
    await()
        .atMost(LONG)
        .until(() ->
            inside.client.suspicion().filter(told -> !told.known().isEmpty()).isPresent());
    assertThatThrownBy(() -> inside.client.token(7, 0))
        .isInstanceOf(IncarnationException.class)
        .hasMessageContaining("an operator must raise the incarnation");
    assertThatThrownBy(inside.client::requireTrusted).isInstanceOf(IncarnationException.class);
  }

  private static void awaitTrust(Inside inside) {
    await().atMost(LONG).untilAsserted(() -> {
      assertThat(inside.client.suspicion()).isEmpty();
      inside.client.requireTrusted();
      assertThat(inside.client.session().state()).isEqualTo(SessionState.CONNECTED);
    });
  }

  private static void delete(Path what) throws IOException {
    try (Stream<Path> all = Files.walk(what)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
  }
}
