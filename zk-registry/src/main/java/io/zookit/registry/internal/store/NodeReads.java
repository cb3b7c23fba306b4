package io.zookit.registry.internal.store;

import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionHandle.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher;
import org.jspecify.annotations.Nullable;

/**
 * Reads of many nodes of a service, all in flight at once: one request for each {@link Multi#MOST_READS} nodes, which at 4
 * KiB a node is half of what a client accepts in one packet. With a watcher, each node is read by a request of its own,
 * because only those set watches.
 *
 * <p><i>Threads:</i> used on the loop.
 */
public final class NodeReads {

  /** The result of a read. */
  public sealed interface NodesOutcome {

    /** Each node has an answer: its data, or a code such as {@code NONODE}. */
    record NodesRead(Map<NodeRef, Answer<Node>> answers) implements NodesOutcome {}

    /**
     * A request has no answer, or one that does not concern single nodes.
     *
     * @param first the nodes of the first such request
     */
    record Broken(Code code, Set<NodeRef> first) implements NodesOutcome {}
  }

  private NodeReads() {}

  /**
   * Reads nodes.
   *
   * @param watcher set on each node that exists, if there is one
   * @param done called once, at once if there are no nodes
   */
  public static void start(
      SessionHandle handle,
      ServicePaths place,
      Collection<NodeRef> nodes,
      @Nullable Watcher watcher,
      Consumer<NodesOutcome> done) {
    List<NodeRef> all = List.copyOf(nodes);
    if (watcher == null) {
      List<String> paths = all.stream().map(node -> place.node(node).value()).toList();
      Multi.readNodes(
          handle, paths, answers -> done.accept(outcome(all, answers, Multi.MOST_READS)));
      return;
    }
    List<Answer<Node>> answers = new ArrayList<>(all.size());
    if (all.isEmpty()) {
      done.accept(outcome(all, answers, 1));
    }
    for (NodeRef node : all) {
      handle.getData(place.node(node), watcher, answer -> {
        answers.add(answer);
        if (answers.size() == all.size()) {
          done.accept(outcome(all, answers, 1));
        }
      });
    }
  }

  private static NodesOutcome outcome(List<NodeRef> nodes, List<Answer<Node>> answers, int batch) {
    Map<NodeRef, Answer<Node>> read = new LinkedHashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      Answer<Node> answer = answers.get(i);
      if (!concernsTheNode(answer.code())) {
        int from = i / batch * batch;
        List<NodeRef> request = nodes.subList(from, Math.min(nodes.size(), from + batch));
        return new NodesOutcome.Broken(answer.code(), Set.copyOf(request));
      }
      read.put(nodes.get(i), answer);
    }
    return new NodesOutcome.NodesRead(read);
  }

  private static boolean concernsTheNode(Code code) {
    return code == Code.OK || code == Code.NONODE || code == Code.NOAUTH;
  }
}
