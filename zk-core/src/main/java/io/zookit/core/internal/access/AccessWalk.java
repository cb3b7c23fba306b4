package io.zookit.core.internal.access;

import io.zookit.core.AccessControl;
import io.zookit.core.AccessControl.Survey.Deviation;
import io.zookit.core.Identity;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.ACL;

/**
 * Compares the access lists of nodes with those of a policy, and sets them.
 *
 * <p><i>Cost:</i> two requests a node, and one more for each list that is set, {@value #BATCH} nodes to a flight.
 */
final class AccessWalk {

  private static final int BATCH = 100;

  private final BlockingCalls requests;
  private final ZkPath root;
  private final AccessLists lists;
  private final Map<ZkPath, Deviation> deviations = new LinkedHashMap<>();
  private int nodes;
  private int changed;

  AccessWalk(BlockingCalls requests, ZkPath root, AccessLists lists) {
    this.requests = requests;
    this.root = root;
    this.lists = lists;
  }

  /** A node whose list is not the one it should have. */
  private record Wrong(ZkPath path, boolean open, String reason) {}

  /** Sets the lists of Zookit's own nodes directly below the root, but for some, and of the root. */
  AccessControl.Survey top(Set<ZkPath> right) throws InterruptedException {
    List<ZkPath> top = new ArrayList<>();
    for (String name : children(root)) {
      if (NodeAccess.isKnown(name) && !right.contains(root.own(name))) {
        top.add(root.own(name));
      }
    }
    top.add(root);
    examine(top, true);
    return new AccessControl.Survey(nodes, changed, List.copyOf(deviations.values()));
  }

  /**
   * Looks at all nodes from the root on.
   *
   * @param missing folders that do not exist, which deviate
   * @param reason why they do not
   */
  AccessControl.Survey everything(boolean applying, List<ZkPath> missing, String reason)
      throws InterruptedException {
    nodes += missing.size();
    missing.forEach(path -> deviate(path, false, reason));
    Deque<ZkPath> left = new ArrayDeque<>(List.of(root));
    while (!left.isEmpty()) {
      List<ZkPath> batch = new ArrayList<>();
      while (!left.isEmpty() && batch.size() < BATCH) {
        batch.add(left.remove());
      }
      examine(batch, applying);
      descend(batch, left);
    }
    return new AccessControl.Survey(nodes, changed, List.copyOf(deviations.values()));
  }

  private List<String> children(ZkPath path) throws InterruptedException {
    Answer<List<String>> listed = requests.ask(path, (handle, reply) -> handle.list(path, reply));
    if (!listed.isOk()) {
      throw KeeperErrors.of(listed.code(), path);
    }
    return listed.get();
  }

  private void examine(List<ZkPath> batch, boolean applying) throws InterruptedException {
    List<Answer<SessionHandle.AccessList>> found =
        each(batch, (path, handle, reply) -> handle.getAcl(path, reply));
    List<Wrong> wrong = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      compare(batch.get(i), found.get(i)).ifPresent(wrong::add);
    }
    if (applying) {
      set(wrong);
    } else {
      wrong.forEach(each -> deviate(each.path, each.open, each.reason));
    }
  }

  private void descend(List<ZkPath> batch, Deque<ZkPath> left) throws InterruptedException {
    List<Answer<List<String>>> children =
        each(batch, (path, handle, reply) -> handle.list(path, reply));
    for (int i = 0; i < batch.size(); i++) {
      descend(batch.get(i), children.get(i), left);
    }
  }

  private Optional<Wrong> compare(ZkPath path, Answer<SessionHandle.AccessList> found) {
    if (found.code() == Code.NONODE) {
      return Optional.empty(); // it has ended since it was listed
    }
    nodes++;
    List<ACL> expected = lists.aclFor(NodeAccess.pathOfList(root, path));
    if (found.code() == Code.NOAUTH) {
      return Optional.of(new Wrong(path, false, "its list cannot be read")); // it may be set
    }
    List<ACL> actual = requireAnswered(path, found).get().entries();
    boolean open = actual.stream().anyMatch(entry -> entry.getId().getScheme().equals("world"));
    return isSame(expected, actual)
        ? Optional.empty()
        : Optional.of(new Wrong(path, open, "another list than the policy says"));
  }

  private static boolean isSame(List<ACL> expected, List<ACL> actual) {
    return expected.size() == actual.size()
        && expected.stream()
            .allMatch(want -> actual.stream()
                .anyMatch(has -> want.getPerms() == has.getPerms()
                    && StoredAccess.isShownAs(identity(want), identity(has))));
  }

  private static Identity identity(ACL entry) {
    return new Identity(entry.getId().getScheme(), entry.getId().getId());
  }

  private void set(List<Wrong> wrong) throws InterruptedException {
    List<ZkPath> paths = wrong.stream().map(Wrong::path).toList();
    List<Answer<Boolean>> answers = each(
        paths,
        (path, handle, reply) ->
            handle.setAcl(path, lists.aclFor(NodeAccess.pathOfList(root, path)), reply));
    for (int i = 0; i < wrong.size(); i++) {
      Answer<Boolean> answer = answers.get(i);
      if (answer.isOk()) {
        changed++;
      } else if (answer.code() == Code.NOAUTH) {
        deviate(wrong.get(i).path, wrong.get(i).open, "not changed, no ADMIN permission");
      } else if (answer.code() != Code.NONODE) {
        requireAnswered(wrong.get(i).path, answer);
        deviate(wrong.get(i).path, wrong.get(i).open, "not changed (" + answer.code() + ")");
      }
    }
  }

  private void descend(ZkPath path, Answer<List<String>> children, Deque<ZkPath> left) {
    if (children.isOk()) {
      children.get().forEach(child -> left.add(path.own(child)));
    } else if (children.code() == Code.NOAUTH) {
      String before =
          deviations.getOrDefault(path, new Deviation(path.value(), false, "")).reason();
      String below = "what is below it cannot be listed";
      deviate(path, false, before.isEmpty() ? below : before + "; " + below);
    } else if (children.code() != Code.NONODE) {
      throw KeeperErrors.of(children.code(), path);
    }
  }

  private void deviate(ZkPath path, boolean open, String reason) {
    deviations.put(path, new Deviation(path.value(), open, reason));
  }

  private static <T> Answer<T> requireAnswered(ZkPath path, Answer<T> answer) {
    if (!answer.isAnswered()) {
      throw KeeperErrors.of(answer, path);
    }
    return answer;
  }

  /** One request about each of some nodes. */
  private interface NodeRequest<T> {
    void send(ZkPath path, SessionHandle handle, Consumer<T> reply);
  }

  private <T> List<T> each(List<ZkPath> paths, NodeRequest<T> request) throws InterruptedException {
    if (paths.isEmpty()) {
      return List.of();
    }
    List<BiConsumer<SessionHandle, Consumer<T>>> flight = new ArrayList<>();
    paths.forEach(path -> flight.add((handle, reply) -> request.send(path, handle, reply)));
    return requests.ask(paths.get(0), flight);
  }
}
