package io.zookit.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.Meters;
import io.zookit.core.Reconnect;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.Inside;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Followed nodes on a real server. */
@Timeout(240)
@Tag("full")
class NodeFollowerIT {

  private final List<String> reports = Collections.synchronizedList(new ArrayList<>());
  private ZkServer server;
  private FaultProxy proxy;
  private Inside inside;
  private int watchesBefore;

  @BeforeEach
  void connect() {
    server = ZkServer.start();
    proxy = FaultProxy.to(server);
    inside = Inside.connect(ZkClient.builder(proxy.connectString()));
    inside.withRoot();
    await().until(() -> server.watchCount() > 0);
    watchesBefore = server.watchCount();
  }

  @AfterEach
  void disconnect() {
    inside.close();
    proxy.close();
    server.close();
  }

  @Test
  void data_overCreationRefusalReconnectAndNewSession_isReported() throws Exception {
    NodeFollower<?> follower = follow(this::dataFollower);
    awaitReports("NONODE");
    create("a", "1");
    awaitReports("NONODE", "1");
    write("2");
    awaitReports("NONODE", "1", "2");
    reports.clear();
    allow(Perms.ALL & ~Perms.READ);
    write("3"); // the server sends no event to a client that may not read the node
    Reconnect.force(inside.client, proxy);
    await().until(() -> reports.contains("NOAUTH"));
    allow(Perms.ALL);
    await().until(() -> last().equals("3"));
    write("4");
    await().until(() -> last().equals("4"));
    long session = inside.handle().zooKeeper().getSessionId();
    server.expire(session);
    await()
        .until(() ->
            inside.client.handle().isPresent() && inside.zooKeeper().getSessionId() != session);
    delete("a");
    await().until(() -> last().equals("NONODE"));
    create("a", "5");
    await().until(() -> last().equals("5"));
    end(follower);
  }

  @Test
  void children_comeAndGoWithTheirParent_areReported() throws Exception {
    create("a", "");
    NodeFollower<?> follower = follow(this::childrenFollower);
    awaitReports("[]");
    create("a/x", "");
    awaitReports("[]", "[x]");
    delete("a/x");
    awaitReports("[]", "[x]", "[]");
    delete("a");
    awaitReports("[]", "[x]", "[]", "NONODE");
    create("a", "");
    awaitReports("[]", "[x]", "[]", "NONODE", "[]");
    end(follower);
  }

  @Test
  void data_ofAMissingNodeWhoseListenerThrowsAnError_isFollowedOn() throws Exception {
    follow(() -> NodeFollower.ofData(scope(), this::table, inside.path("a"), read -> {
      reports.add("" + read.code());
      if (!read.isOk()) {
        throw new OutOfMemoryError("of the test");
      }
    }));
    awaitReports("NONODE");

    create("a", "1");

    awaitReports("NONODE", "OK");
  }

  @Test
  void watches_oneOfTwoListenersThrowsAnError_tellTheOther() throws Exception {
    create("a", "1");
    SessionHandle handle = inside.handle();
    inside.doOnLoop(() -> {
      NodeWatches shared = table(handle);
      shared.watch(
          inside.path("a"),
          event -> {
            throw new OutOfMemoryError("of the test");
          },
          read -> {});
      shared.watch(inside.path("a"), event -> reports.add("changed"), read -> reports.add("read"));
    });
    awaitReports("read");

    write("2");

    awaitReports("read", "changed");
  }

  private void end(NodeFollower<?> follower) throws Exception {
    inside.doOnLoop(follower::close);
    reports.clear();
    await().untilAsserted(() -> assertThat(server.watchCount()).isEqualTo(watchesBefore));
    write("last");
    inside.<Boolean>ask((handle, reply) -> handle.sync(inside.path("a"), reply));
    assertThat(reports).isEmpty();
  }

  private NodeFollower<?> follow(Supplier<NodeFollower<?>> created) {
    return inside.onLoop(() -> {
      NodeFollower<?> follower = created.get();
      inside.client.onSessions(follower);
      return follower;
    });
  }

  private NodeFollower<?> dataFollower() {
    return NodeFollower.ofData(
        scope(),
        this::table,
        inside.path("a"),
        read -> reports.add(
            read.isOk()
                ? new String(read.get().data(), StandardCharsets.UTF_8)
                : "" + read.code()));
  }

  private NodeFollower<?> childrenFollower() {
    return NodeFollower.ofChildren(
        scope(),
        this::table,
        inside.path("a"),
        read -> reports.add(read.isOk() ? "" + read.get().names() : "" + read.code()));
  }

  private Scope scope() {
    return Scope.root(inside.client.loop(), inside.client.timekeeper());
  }

  private NodeWatches table(SessionHandle handle) {
    return new NodeWatches(handle, inside.client.timekeeper(), inside.client.loop(), Meters.none());
  }

  private void awaitReports(String... expected) {
    await().untilAsserted(() -> assertThat(reports).containsExactly(expected));
  }

  private String last() {
    synchronized (reports) {
      return reports.isEmpty() ? "" : reports.get(reports.size() - 1);
    }
  }

  private interface Operation {
    void on(ZooKeeper zooKeeper, String path) throws Exception;
  }

  /** Over a connection of its own: the client must not learn of it by an answer. */
  private void operate(String name, Operation operation) throws Exception {
    try (ZooKeeper operator = new ZooKeeper(server.connectString(), 30_000, event -> {})) {
      operation.on(operator, inside.path(name).value());
    }
  }

  private void create(String name, String data) throws Exception {
    operate(
        name,
        (operator, path) -> operator.create(
            path,
            data.getBytes(StandardCharsets.UTF_8),
            Ids.OPEN_ACL_UNSAFE,
            CreateMode.PERSISTENT));
  }

  private void write(String data) throws Exception {
    operate(
        "a", (operator, path) -> operator.setData(path, data.getBytes(StandardCharsets.UTF_8), -1));
  }

  private void delete(String name) throws Exception {
    operate(name, (operator, path) -> operator.delete(path, -1));
  }

  private void allow(int permissions) throws Exception {
    operate(
        "a",
        (operator, path) -> operator.setACL(
            path, Collections.singletonList(new ACL(permissions, Ids.ANYONE_ID_UNSAFE)), -1));
  }
}
