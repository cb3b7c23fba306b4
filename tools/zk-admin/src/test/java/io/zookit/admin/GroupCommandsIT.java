package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.group.Group;
import io.zookit.group.GroupView;
import io.zookit.group.Handover;
import io.zookit.group.Member;
import io.zookit.group.Membership;
import io.zookit.group.OwnerSource;
import io.zookit.group.Partitions;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code zookit group}. */
class GroupCommandsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @TempDir
  private Path home;

  private final String root = zooKeeper.freshRoot();
  private final ZkClient client = ZkClient.builder(zooKeeper.connectString())
      .connectTimeout(Duration.ofMinutes(1))
      .root(root)
      .connect();
  private Desk desk = new Desk(Path.of(""));

  @BeforeEach
  void sit() {
    desk = new Desk(home).with("ZOOKIT_CONNECT", zooKeeper.connectString());
  }

  @AfterEach
  void close() {
    client.close();
  }

  private Outcome zookit(String command) {
    return desk.type(command + " --root " + root);
  }

  private Membership join(String id) throws InterruptedException {
    Membership member = Group.named("indexers", client).join(Member.id(id)).awaitJoined(Desk.LONG);
    await()
        .atMost(Desk.LONG)
        .ignoreExceptions()
        .until(() -> member.own(
                Partitions.of(4),
                partition -> new CountDownLatch(1).await(),
                Handover.drain(Duration.ofSeconds(1)))
            != null);
    return member;
  }

  private void awaitPlan(int members) throws InterruptedException {
    try (LiveValue<GroupView> view = Group.named("indexers", client).follow(OwnerSource.CLAIMS)) {
      await()
          .atMost(Desk.LONG)
          .until(() -> view.latest()
              .filter(plan -> plan.owners().values().stream().distinct().count() == members)
              .isPresent());
    }
  }

  @Test
  @Tag("full")
  void show_oneMember_ownsAllPartitions() throws Exception {
    join("n1");
    awaitPlan(1);

    assertThat(zookit("group show indexers").out()).contains("group indexers", "n1", "plans");
    assertThat(zookit("group show indexers -o json").out())
        .contains("\"name\": \"indexers\"", "\"unowned\": 0", "\"owner\": \"n1\"");
    assertThat(zookit("group list -o name").out()).isEqualTo("indexers\n");
    assertThat(zookit("group show indexers -o name").out()).isEqualTo("indexers\n");
  }

  @Test
  @Tag("full")
  void watch_memberJoins_writesEachPlan() throws Exception {
    join("n1");
    awaitPlan(1);
    Desk.Running watching =
        desk.start("group watch indexers --root " + root + " --changes 1").awaitLines(1);
    join("n2");
    awaitPlan(2);

    Outcome watched = watching.finish();

    assertThat(watched.code()).isZero();
    assertThat(watched.out().lines()).hasSize(2);
    assertThat(watched.out()).contains("indexers", "n1 4");
  }

  @Test
  void show_groupThatDoesNotExist_isNotFound() {
    Outcome missing = zookit("group show nobody");
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err())
        .isEqualTo("zookit: group nobody: has no partitions;"
            + " `zookit group list` shows what exists\n");
  }
}
