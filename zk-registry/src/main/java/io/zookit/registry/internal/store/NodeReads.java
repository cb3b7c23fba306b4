package io.zookit.registry.internal.store;

import io.zookit.core.internal.session.Answer;
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
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher;
import org.jspecify.annotations.Nullable;

/**
 * Reads many nodes of a service with few requests, all under way at once: one for each {@value #BATCH} nodes, which at
 * 4 KiB a node is half of what a client takes in one packet.
 *
 * <p>With a watcher each node is read by a request of its own, because only those set watches. Lives on the loop.
 */
public final class NodeReads {

  public static final int BATCH = 128;

  /** What came of it. */
  public sealed interface Outcome {

    /** Each node has an answer: its data, or a code such as {@code NONODE}. */
    record Read(Map<NodeRef, Answer<Node>> answers) implements Outcome {}

    /**
     * Not all were answered.
     *
     * @param first the nodes of the first request without an answer
     */
    record Broken(Code code, Set<NodeRef> first) implements Outcome {}
  }

  private final Map<NodeRef, Answer<Node>> answers = new LinkedHashMap<>();
  private final Consumer<Outcome> done;
  private int open;
  private Outcome.@Nullable Broken broken;

  private NodeReads(int requests, Consumer<Outcome> done) {
    this.open = requests;
    this.done = done;
  }

  /** Reads nodes; a watcher, if there is one, is set on each that is there. */
  public static void start(
      SessionHandle handle,
      ServicePaths place,
      Collection<NodeRef> nodes,
      @Nullable Watcher watcher,
      Consumer<Outcome> done) {
    List<NodeRef> all = new ArrayList<>(nodes);
    int size = watcher == null ? BATCH : 1;
    NodeReads read = new NodeReads((all.size() + size - 1) / size, done);
    if (all.isEmpty()) {
      done.accept(new Outcome.Read(read.answers));
    }
    for (int from = 0; from < all.size(); from += size) {
      List<NodeRef> batch = all.subList(from, Math.min(from + size, all.size()));
      if (watcher == null) {
        handle.multi(operations(place, batch), answer -> read.onBatch(batch, answer));
      } else {
        handle.getData(place.node(batch.get(0)), watcher, answer -> read.onNode(batch, answer));
      }
    }
  }

  private static List<Op> operations(ServicePaths place, List<NodeRef> batch) {
    List<Op> operations = new ArrayList<>(batch.size());
    batch.forEach(node -> operations.add(Op.getData(place.node(node).value())));
    return operations;
  }

  private void onBatch(List<NodeRef> batch, Answer<List<OpResult>> answer) {
    List<OpResult> results = answer.value(); // with the code of the first node that is not there
    if (results != null) {
      for (int i = 0; i < results.size(); i++) {
        answers.put(batch.get(i), nodeIn(results.get(i)));
      }
      onOneDone();
    } else {
      breakAt(answer.code(), batch);
    }
  }

  private void onNode(List<NodeRef> batch, Answer<Node> answer) {
    if (answer.isAnswered()) {
      answers.put(batch.get(0), answer);
      onOneDone();
    } else {
      breakAt(answer.code(), batch);
    }
  }

  private void breakAt(Code code, List<NodeRef> batch) {
    if (broken == null) {
      broken = new Outcome.Broken(code, Set.copyOf(batch));
    }
    onOneDone();
  }

  private void onOneDone() {
    if (--open == 0) {
      done.accept(broken == null ? new Outcome.Read(answers) : broken);
    }
  }

  /** What a read in a multi answered. */
  public static Answer<Node> nodeIn(OpResult result) {
    if (result instanceof OpResult.GetDataResult read) {
      byte[] data = read.getData();
      return Answer.ok(new Node(data == null ? new byte[0] : data, read.getStat()));
    }
    return Answer.of(codeOf(result));
  }

  /** What a listing in a multi answered. */
  public static Answer<List<String>> namesIn(OpResult result) {
    return result instanceof OpResult.GetChildrenResult listing
        ? Answer.ok(listing.getChildren())
        : Answer.of(codeOf(result));
  }

  private static Code codeOf(OpResult result) {
    Code code = Code.get(
        result instanceof OpResult.ErrorResult error ? error.getErr() : Code.OK.intValue());
    return code == null || code == Code.OK ? Code.SYSTEMERROR : code;
  }
}
