package io.zookit.core.internal.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ClientObserver;
import io.zookit.core.IncarnationException;
import io.zookit.core.SessionState;
import io.zookit.core.ZkClientBuilder;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.Inside;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.data.Stat;

/** Clients that remember a lineage, their alarms, and the lineage node as they read and write it. */
final class LineageFixture implements AutoCloseable {

  static final Duration LONG = Duration.ofSeconds(60);

  private final List<Inside> opened = Collections.synchronizedList(new ArrayList<>());
  private final List<String> alarms = Collections.synchronizedList(new ArrayList<>());

  /** Connects a client that is closed with this fixture and whose alarms are recorded. */
  Inside connect(ZkClientBuilder builder) {
    Inside inside = Inside.connect(builder.observer(new ClientObserver() {
      @Override
      public void onIncarnationChanged(long before, long now) {
        alarms.add(before + " to " + now);
      }
    }));
    opened.add(0, inside);
    return inside;
  }

  /** Every change of the incarnation that a client reported; {@code "1 to 0"} is an alarm. */
  List<String> alarms() {
    return List.copyOf(alarms);
  }

  static ZkPath path(Inside inside) {
    return inside.client.rootPath().own(LineageKeeper.LINEAGE);
  }

  /** The node as the server of this client has it. */
  static Lineage read(Inside inside) {
    await().atMost(LONG).until(() -> inside.client.lineage().isPresent());
    return decode(inside.ask((handle, reply) -> handle.getData(path(inside), null, reply)));
  }

  static Lineage decode(Answer<SessionHandle.Node> read) {
    LineageRecord record =
        ((Decoded.Value<LineageRecord>) LineageRecord.CODEC.decode(read.get().data())).value();
    return Lineage.of(record, read.get().stat());
  }

  static void write(Inside inside, LineageRecord next) {
    Answer<Stat> set = inside.ask((handle, reply) ->
        handle.setData(path(inside), LineageRecord.CODEC.encode(next), -1, reply));
    if (!set.isOk()) {
      throw new ZkUnavailableException(set.toString());
    }
  }

  /** Writes versions up to this one, as a client does that finds the node unchanged. */
  static void writeUpTo(Inside inside, int version, String tag) {
    for (Lineage now = read(inside); now.here().version() < version; now = read(inside)) {
      write(inside, now.next(tag + now.here().version()));
    }
  }

  /** Transactions that have nothing to do with the lineage. */
  static void createNodes(Inside inside, int times) {
    inside.withRoot();
    ZkPath path = inside.path("n");
    for (int i = 0; i < times; i++) {
      Answer<SessionHandle.Created> made = inside.ask((handle, reply) -> handle.create(
          path, new byte[0], inside.client.acl(path), CreateMode.PERSISTENT_SEQUENTIAL, reply));
      assertThat(made.isOk()).as(made.toString()).isTrue();
    }
  }

  static void awaitVersion(Inside inside, int version) {
    await().atMost(LONG).until(() -> inside.client.lineage().orElseThrow().version() == version);
  }

  static void awaitSuspicion(Inside inside) {
    await()
        .atMost(LONG)
        .until(() ->
            inside.client.suspicion().filter(told -> !told.known().isEmpty()).isPresent());
    assertThatThrownBy(() -> inside.client.token(7, 0))
        .isInstanceOf(IncarnationException.class)
        .hasMessageContaining("an operator must raise the incarnation");
    assertThatThrownBy(inside.client::requireTrusted).isInstanceOf(IncarnationException.class);
  }

  static void awaitTrust(Inside inside) {
    await().atMost(LONG).untilAsserted(() -> {
      assertThat(inside.client.suspicion()).isEmpty();
      inside.client.requireTrusted();
      assertThat(inside.client.session().state()).isEqualTo(SessionState.CONNECTED);
    });
  }

  @Override
  public void close() {
    List.copyOf(opened).forEach(Inside::close);
  }
}
