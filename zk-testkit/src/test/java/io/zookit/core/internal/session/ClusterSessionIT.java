package io.zookit.core.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.SessionState;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.Inside;
import io.zookit.testkit.ZkClusterExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Sessions through leaders and followers. */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
@Tag("full")
class ClusterSessionIT {

  @RegisterExtension
  static final ZkClusterExtension cluster = new ZkClusterExtension();

  @Test
  @Execution(ExecutionMode.SAME_THREAD)
  void create_thenListPipelined_throughEachServer_theListShowsTheOwnNode() {
    String root = "/pipelined";
    for (int server = 0; server < 3; server++) {
      String address = cluster.cluster().connectString(server);
      try (Inside inside = Inside.connect(ZkClient.builder(address).root(root))) {
        for (int i = 0; i < 50; i++) {
          CompletableFuture<Answer<SessionHandle.Created>> made = new CompletableFuture<>();
          CompletableFuture<Answer<List<String>>> listed = new CompletableFuture<>();
          inside.doOnLoop(() -> {
            SessionHandle handle = inside.client.handle().orElseThrow();
            handle.create(
                inside.path("q-"),
                new byte[0],
                inside.client.acl(inside.client.rootPath()),
                CreateMode.EPHEMERAL_SEQUENTIAL,
                made::complete);
            handle.list(inside.client.rootPath(), listed::complete);
          });
          assertThat(Inside.get(listed).get())
              .contains(Inside.get(made).get().path().name());
        }
      }
    }
  }

  @Test
  @Execution(ExecutionMode.SAME_THREAD)
  void session_eachServerRestartsInTurn_isKept() {
    List<SessionState> states = Collections.synchronizedList(new ArrayList<>());
    try (Inside inside =
        Inside.connect(ZkClient.builder(cluster.cluster().connectString()).root("/restarts"))) {
      inside.client.onSession(view -> states.add(view.state()));
      WireHandle before = inside.handle();
      for (int server = 0; server < 3; server++) {
        cluster.cluster().stop(server);
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> inside.client.session().state() == SessionState.CONNECTED);
        cluster.cluster().restart(server);
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> inside.client.session().state() == SessionState.CONNECTED);
      assertThat(inside.handle()).isSameAs(before);
      assertThat(states).doesNotContain(SessionState.LOST);
      assertThat(inside.client.token(1, 0).incarnation()).isEqualTo(1);
    }
  }
}
