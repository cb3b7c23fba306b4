package io.zookit.samples.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.zookit.core.AccessControl;
import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkProcesses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.NoAuthException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With credentials no node of any module can be touched by anybody else: all nodes are looked at, and all are tried. */
@Timeout(400)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("full")
class AclSweepIT {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String ABOVE = "/company";
  private static final String ROOT = ABOVE + "/zookit";
  private static final String SUPER = "super:canary-2d9";
  private static final Identity ANA = Identity.digest("ana", "a-secret");
  private static final Identity BOB = Identity.digest("bob", "b-secret");

  /** Fewer were not everything. */
  private static final int LEAST_NODES = 100;

  @TempDir
  static Path folder = Path.of("");

  private ZkProcesses server;
  private ZooKeeper operator;
  private ZkClient one;
  private ZkClient two;
  private Everything everything;

  @BeforeAll
  void start() throws Exception {
    server = ZkProcesses.servers(1)
        .jvmOptions("-Dzookeeper.DigestAuthenticationProvider.superDigest="
            + DigestAuthenticationProvider.generateDigest(SUPER))
        .start();
    operator = Outsider.at(server.connectString(), SUPER);
    one = client("ana", "a-secret");
    two = client("bob", "b-secret");
    AccessControl.in(one).within(LONG).init(AccessPolicy.sharedBy(ANA, BOB));
    everything = Everything.by(one, two, folder);
    await().atMost(LONG).untilAsserted(() -> assertThat(missing()).isEmpty());
  }

  @AfterAll
  void stop() throws Exception {
    for (AutoCloseable each : new AutoCloseable[] {everything, one, two, operator, server}) {
      if (each != null) {
        each.close();
      }
    }
  }

  @Test
  void sweep_everyNodeOfEveryKind_isForTheMembersOnly() throws Exception {
    Map<String, List<ACL>> lists = sweep();
    Map<String, Integer> kinds = new TreeMap<>();
    List<String> unknown = new ArrayList<>();
    for (String path : lists.keySet()) {
      if (path.startsWith(ROOT + "/")) {
        Kinds.of(path.substring(ROOT.length()))
            .ifPresentOrElse(kind -> kinds.merge(kind, 1, Integer::sum), () -> unknown.add(path));
      }
    }
    System.out.println(lists.size() + " nodes of " + kinds.size() + " kinds: " + kinds);
    assertThat(unknown).as("nodes that docs/znodes.md does not know").isEmpty();
    assertThat(kinds.keySet()).containsExactlyInAnyOrderElementsOf(Kinds.names());
    assertThat(lists).hasSizeGreaterThan(LEAST_NODES).containsKeys(ABOVE, ROOT);
    assertThat(open(lists)).isEmpty();
    for (Map.Entry<String, List<ACL>> each : lists.entrySet()) {
      assertThat(each.getValue())
          .as(each.getKey())
          .containsExactlyInAnyOrder(everything(ANA), everything(BOB));
    }
  }

  @Test
  void sweep_oneNodeOpenedByHand_findsIt() throws Exception {
    String path = ROOT + "/locks-state/permits";
    List<ACL> before = operator.getACL(path, new Stat());
    operator.setACL(path, Ids.READ_ACL_UNSAFE, -1);
    try (ZooKeeper stranger = Outsider.at(server.connectString())) {
      assertThat(open(sweep())).containsExactly(path);
      assertThat(stranger.getData(path, false, null)).isNotEmpty();
    } finally {
      operator.setACL(path, before, -1);
    }
    assertThat(open(sweep())).isEmpty();
  }

  @Test
  void strangers_withoutOrWithAWrongPassword_canDoNothingAnywhere() throws Exception {
    Set<String> before = standing();
    try (ZooKeeper nobody = Outsider.at(server.connectString());
        ZooKeeper wrong = Outsider.at(server.connectString(), "ana:guessed")) {
      int refused = 0;
      for (String path : sweep().keySet()) {
        for (ThrowingCallable attempt : attempts(nobody, path)) {
          refused += requireRefused(path, attempt);
        }
        refused += requireRefused(path, () -> wrong.getData(path, false, null));
        refused += requireRefused(path, () -> wrong.setData(path, new byte[0], -1));
      }
      System.out.println(refused + " attempts refused");
      assertThat(refused).isGreaterThan(8 * LEAST_NODES);
    }
    assertThat(standing()).containsAll(before);
  }

  @Test
  void stranger_whoWatchesTheWholeTree_isToldOfNoPath() throws Exception {
    Set<String> told = new HashSet<>();
    ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();
    try (ZooKeeper nobody = Outsider.at(server.connectString())) {
      nobody.addWatch(
          ABOVE,
          event -> {
            if (event.getPath() != null) {
              events.add(event.getPath());
            }
          },
          AddWatchMode.PERSISTENT_RECURSIVE);
      List<ACL> members = Arrays.asList(everything(ANA), everything(BOB)); // called with null
      operator.create(ROOT + "/hidden", new byte[0], members, CreateMode.PERSISTENT);
      operator.setData(ROOT + "/hidden", new byte[1], -1);
      operator.delete(ROOT + "/hidden", -1);
      operator.create(ABOVE + "/seen", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
      operator.delete(ABOVE + "/seen", -1);
      await().atMost(LONG).until(() -> events.contains(ABOVE + "/seen")); // comes after the others
      told.addAll(events);
    }
    assertThat(told).doesNotContain(ROOT + "/hidden");
  }

  private List<ThrowingCallable> attempts(ZooKeeper stranger, String path) {
    List<ThrowingCallable> attempts = new ArrayList<>(List.<ThrowingCallable>of(
        () -> stranger.getData(path, false, null),
        () -> stranger.getChildren(path, false),
        () -> stranger.getACL(path, new Stat()),
        () -> stranger.setData(path, new byte[0], -1),
        () -> stranger.setACL(path, Ids.OPEN_ACL_UNSAFE, -1),
        () -> stranger.multi(List.of(Op.setData(path, new byte[0], -1))),
        () ->
            stranger.create(path + "/x", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL)));
    if (!path.equals(ABOVE)) { // ZooKeeper's own root node decides on its deletion
      attempts.add(() -> stranger.delete(path, -1));
    }
    return attempts;
  }

  /** Counts one; none when the node has ended meanwhile. */
  private static int requireRefused(String path, ThrowingCallable attempt) {
    Throwable answer = catchThrowable(attempt);
    if (answer instanceof NoNodeException) {
      return 0;
    }
    assertThat(answer).as(path).isInstanceOf(NoAuthException.class);
    return 1;
  }

  private Map<String, List<ACL>> sweep() throws Exception {
    Map<String, List<ACL>> lists = new TreeMap<>();
    for (String path : Outsider.tree(operator, ABOVE).keySet()) {
      try {
        lists.put(path, operator.getACL(path, new Stat()));
      } catch (NoNodeException e) {
        lists.remove(path); // it has ended meanwhile
      }
    }
    return lists;
  }

  private static List<String> open(Map<String, List<ACL>> lists) {
    return lists.entrySet().stream()
        .filter(each ->
            each.getValue().stream().anyMatch(acl -> !acl.getId().getScheme().equals("digest")))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The kinds of which there is no node. */
  private Set<String> missing() throws Exception {
    Set<String> missing = new TreeSet<>();
    Kinds.names().forEach(missing::add);
    for (String path : Outsider.tree(operator, ROOT).keySet()) {
      Kinds.of(path.substring(ROOT.length())).ifPresent(missing::remove);
    }
    return missing;
  }

  /** Returns the paths of all nodes, except those that appear and disappear by themselves. */
  private Set<String> standing() throws Exception {
    Set<String> paths = new TreeSet<>();
    for (String path : Outsider.tree(operator, ABOVE).keySet()) {
      if (!path.contains("/tick/")) {
        paths.add(path);
      }
    }
    return paths;
  }

  private static ACL everything(Identity identity) {
    return new ACL(Perms.ALL, new Id(identity.scheme(), identity.id()));
  }

  private ZkClient client(String user, String password) {
    return ZkClient.builder(server.connectString())
        .root(ROOT)
        .digest(user, password)
        .access(AccessPolicy.sharedBy(ANA, BOB))
        .connectTimeout(LONG)
        .connect();
  }
}
