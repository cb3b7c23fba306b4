package io.zookit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Test classes that {@link ZkServerExtensionIT} runs; some are meant to fail. */
final class ServerCases {

  static final List<ZkServer> seen = new ArrayList<>();
  static final List<String> roots = new ArrayList<>();
  static final List<Raw> leaked = new ArrayList<>();

  private ServerCases() {}

  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class OneServer {

    @RegisterExtension
    static final ZkServerExtension zk = ZkServerExtension.own();

    @Test
    void first() {
      note();
    }

    @Test
    void second_stops() {
      note();
      zk.server().stop();
    }

    @Test
    void third_findsItRunning() {
      note();
      assertThat(zk.server().isRunning()).isTrue();
    }

    private void note() {
      seen.add(zk.server());
      roots.add(zk.freshRoot());
      roots.add(zk.freshRoot());
    }
  }

  @ExtendWith(ZkServerExtension.class)
  static class Injected {

    @Test
    void both(ZkServer server, ZkServerExtension zk) {
      assertThat(zk.server()).isSameAs(server);
      assertThat(server.isRunning()).isTrue();
      seen.add(server);
    }
  }

  static class LeavesEverything {

    @RegisterExtension
    static final ZkServerExtension zk = new ZkServerExtension();

    @Test
    void leaves() throws Exception {
      seen.add(zk.server());
      Raw client = Raw.connect(zk.connectString());
      leaked.add(client);
      client.create("/kept", CreateMode.PERSISTENT);
      client.create("/kept/below", CreateMode.PERSISTENT);
      client.create("/kept-container", CreateMode.CONTAINER);
      client.create("/gone", CreateMode.EPHEMERAL);
      client.zk.setACL("/kept", ZooDefs.Ids.READ_ACL_UNSAFE, -1);
      client.create("/zookeeper/quota/kept", CreateMode.PERSISTENT);
      client.zk.exists("/kept", true);
      zk.server().stop();
    }
  }

  static class FindsNothing {

    @RegisterExtension
    static final ZkServerExtension zk = new ZkServerExtension();

    @Test
    void finds() throws Exception {
      seen.add(zk.server());
      assertThat(zk.server().nodes()).isEmpty();
      assertThat(zk.server().sessionCount()).isZero();
      assertThat(zk.server().watchCount()).isZero();
      try (Raw client = Raw.connect(zk.connectString())) {
        assertThat(client.zk.getChildren("/", false)).containsExactly("zookeeper");
        assertThat(client.zk.getChildren("/zookeeper/quota", false)).isEmpty();
        client.create("/kept", CreateMode.PERSISTENT);
        zk.server().restart();
        assertThat(zk.server().nodes()).extracting(ZkNode::path).containsExactly("/kept");
      }
    }
  }

  static class ClosesTheRoot {

    @RegisterExtension
    static final ZkServerExtension zk = new ZkServerExtension();

    @Test
    void closes() throws Exception {
      seen.add(zk.server());
      try (Raw client = Raw.connect(zk.connectString())) {
        client.zk.setACL("/", ZooDefs.Ids.READ_ACL_UNSAFE, -1);
      }
    }
  }

  static class BesideOwnSettings {

    @RegisterExtension
    static final ZkServerExtension own = new ZkServerExtension(Map.of("zookit.test.line", "x"));

    @RegisterExtension
    static final ZkServerExtension zk = new ZkServerExtension();

    @Test
    void starts() {
      own.server();
      zk.server().restart();
      seen.add(zk.server());
    }
  }

  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class Leaky {

    @RegisterExtension
    static final ZkServerExtension zk = new ZkServerExtension();

    @Test
    void cleans() throws Exception {
      zk.checkLeaks();
      try (Raw client = Raw.connect(zk.connectString())) {
        client.create(zk.freshRoot(), CreateMode.EPHEMERAL);
        client.zk.exists("/x", true);
      }
    }

    @Test
    void leaves() throws Exception {
      zk.checkLeaks();
      Raw client = Raw.connect(zk.connectString());
      leaked.add(client);
      client.create(zk.freshRoot(), CreateMode.EPHEMERAL);
      client.zk.exists("/x", true);
    }
  }
}
