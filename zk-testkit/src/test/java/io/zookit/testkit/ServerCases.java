package io.zookit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.CreateMode;
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
    static final ZkServerExtension zk = new ZkServerExtension();

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
