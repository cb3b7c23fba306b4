package io.zookit.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;

class CreateWithParentsTest {

  private static final ZkPath NODE = new ZkPath("/a/b/node");

  private final Folders folders = Folders.none()
      .then(new ZkPath("/a"), CreateMode.PERSISTENT, () -> Ids.OPEN_ACL_UNSAFE)
      .then(new ZkPath("/a/b"), CreateMode.CONTAINER, () -> Ids.OPEN_ACL_UNSAFE);
  private final Set<String> nodes = new HashSet<>();
  private final List<String> requests = new ArrayList<>();
  private final List<Answer<SessionHandle.Created>> answers = new ArrayList<>();

  /** Number of times that the server removes the container just after it was created. */
  private int reaped;

  /** Code for the create of a path; {@code OK} leaves the decision to the nodes of the server. */
  private Function<String, Code> refusal = path -> Code.OK;

  private void create() {
    CreateWithParents.create(
        handle(),
        folders,
        NODE,
        new byte[0],
        Ids.OPEN_ACL_UNSAFE,
        CreateMode.EPHEMERAL,
        answers::add);
  }

  @Test
  void create_foldersExist_sendsOneRequest() {
    nodes.addAll(List.of("/a", "/a/b"));

    create();

    assertThat(requests).containsExactly("/a/b/node");
    assertThat(answers).extracting(Answer::code).containsExactly(Code.OK);
  }

  @Test
  void create_foldersMissing_createsThemAndTheNode() {
    create();

    assertThat(requests).containsExactly("/a/b/node", "/a", "/a/b", "/a/b/node");
    assertThat(answers).extracting(Answer::code).containsExactly(Code.OK);
    assertThat(nodes).contains("/a", "/a/b", "/a/b/node");
  }

  @Test
  void sendWithFolders_createsThemInTheFirstFlight() {
    CreateWithParents.<SessionHandle.Created>of(
            handle(),
            folders,
            reply -> handle()
                .create(NODE, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL, reply),
            answers::add)
        .sendWithFolders();

    assertThat(requests).containsExactly("/a", "/a/b", "/a/b/node");
    assertThat(answers).extracting(Answer::code).containsExactly(Code.OK);
  }

  @Test
  void create_containerRemovedBetween_triesAgain() {
    reaped = CreateWithParents.MOST_TRIES - 2;

    create();

    assertThat(answers).extracting(Answer::code).containsExactly(Code.OK);
  }

  @Test
  void create_containerAlwaysRemoved_endsWithNoNodeAfterTheLastTry() {
    reaped = Integer.MAX_VALUE;

    create();

    assertThat(answers).extracting(Answer::code).containsExactly(Code.NONODE);
    assertThat(requests).filteredOn("/a/b/node"::equals).hasSize(CreateWithParents.MOST_TRIES);
  }

  @Test
  void create_folderRefused_answersWithTheReason() {
    refusal = path -> path.equals("/a/b") ? Code.NOAUTH : Code.OK;

    create();

    assertThat(answers).extracting(Answer::code).containsExactly(Code.NOAUTH);
    assertThat(requests).containsExactly("/a/b/node", "/a", "/a/b", "/a/b/node");
  }

  @Test
  void create_outerFolderRefusedButInnerExists_createsTheNode() {
    nodes.add("/a/b");
    refusal = path -> path.equals("/a") ? Code.NOAUTH : Code.OK;

    create();

    assertThat(answers).extracting(Answer::code).containsExactly(Code.OK);
  }

  @Test
  void create_answerLost_isNotSentAgain() {
    refusal = path -> path.equals(NODE.value()) ? Code.CONNECTIONLOSS : Code.OK;

    create();

    assertThat(requests).containsExactly("/a/b/node");
    assertThat(answers).extracting(Answer::code).containsExactly(Code.CONNECTIONLOSS);
  }

  @Test
  void create_connectionLostBehindTheFolders_isNotSentAgain() {
    refusal = path -> requests.size() > 1 ? Code.CONNECTIONLOSS : Code.OK;

    create();

    assertThat(requests).containsExactly("/a/b/node", "/a", "/a/b", "/a/b/node");
    assertThat(answers).extracting(Answer::isAnswered).containsExactly(false);
  }

  @Test
  void missingIf_otherNodeMissing_answersAtOnce() {
    CreateWithParents.<SessionHandle.Created>of(
            handle(),
            folders,
            reply -> handle()
                .create(NODE, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL, reply),
            answers::add)
        .missingIf(answer -> false)
        .send();

    assertThat(requests).containsExactly("/a/b/node");
    assertThat(answers).extracting(Answer::code).containsExactly(Code.NONODE);
  }

  private Code onCreate(ZkPath path) {
    requests.add(path.value());
    Code refused = refusal.apply(path.value());
    if (refused != Code.OK) {
      return refused;
    }
    ZkPath parent = path.parent();
    if (!parent.isTop() && !nodes.contains(parent.value()) && !parent.value().equals("/")) {
      return Code.NONODE;
    }
    if (!nodes.add(path.value())) {
      return Code.NODEEXISTS;
    }
    if (path.value().equals("/a/b") && reaped > 0) {
      reaped--;
      nodes.remove("/a/b");
    }
    return Code.OK;
  }

  @SuppressWarnings("unchecked") // the two methods that are called take these
  private SessionHandle handle() {
    return (SessionHandle) Proxy.newProxyInstance(
        SessionHandle.class.getClassLoader(),
        new Class<?>[] {SessionHandle.class},
        (proxy, method, arguments) -> {
          assertThat(method.getName()).isIn("create", "createFolder");
          ZkPath path = (ZkPath) arguments[0];
          Code code = onCreate(path);
          Object created = method.getName().equals("create")
              ? new SessionHandle.Created(path, new Stat())
              : path;
          Object value = code == Code.OK ? created : null;
          ((Consumer<Answer<Object>>) arguments[4]).accept(new Answer<>(code, value, true));
          return null;
        });
  }
}
