package io.zookit.registry.internal.store;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionHandle.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Reads of nodes whose answers may be large, as listings of buckets are: one request each, all in flight at once.
 * Answers of several of them might not fit into one packet.
 *
 * <p><i>Threads:</i> used on the loop.
 */
public final class PipelinedReads {

  private PipelinedReads() {}

  /**
   * Lists the children of nodes.
   *
   * @param reply receives an answer for each node, in their order; called at once if there are none
   */
  public static void list(
      SessionHandle handle, List<ZkPath> nodes, Consumer<List<Answer<List<String>>>> reply) {
    send(nodes, handle::list, reply);
  }

  /**
   * Reads the data of nodes.
   *
   * @param reply receives an answer for each node, in their order; called at once if there are none
   */
  public static void data(
      SessionHandle handle, List<ZkPath> nodes, Consumer<List<Answer<Node>>> reply) {
    send(nodes, (path, answer) -> handle.getData(path, null, answer), reply);
  }

  private static <T> void send(
      List<ZkPath> nodes,
      BiConsumer<ZkPath, Consumer<Answer<T>>> request,
      Consumer<List<Answer<T>>> reply) {
    List<Answer<T>> answers = new ArrayList<>(nodes.size());
    if (nodes.isEmpty()) {
      reply.accept(answers);
    }
    for (ZkPath node : nodes) { // answered in the order of the requests
      request.accept(node, answer -> {
        answers.add(answer);
        if (answers.size() == nodes.size()) {
          reply.accept(answers);
        }
      });
    }
  }
}
