package io.zookit.core.internal.session;

import io.zookit.core.internal.codec.SizeLimits;
import io.zookit.core.internal.session.SessionHandle.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.OpResult.CreateResult;
import org.apache.zookeeper.OpResult.ErrorResult;
import org.apache.zookeeper.OpResult.GetChildrenResult;
import org.apache.zookeeper.OpResult.GetDataResult;
import org.apache.zookeeper.OpResult.SetDataResult;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Requests of several operations: divides them into batches and decodes their results.
 *
 * <p>A transaction happens as a whole or not at all. If it is refused, each operation has a result: those in front of the
 * refused one would have succeeded, those behind it were not tried. Of several reads each has a result of its own, whatever
 * the others have.
 */
public final class Multi {

  /** The most nodes that are read by one request. */
  public static final int MOST_READS = 128;

  private static final int MOST_BYTES = 512 * 1024;
  private static final byte[] NO_DATA = {};

  private Multi() {}

  /**
   * Divides the operations of several transactions that need not happen together, in their order, so that each batch fits
   * into a request.
   *
   * @param most the most operations of a batch
   */
  public static List<List<Op>> batches(List<Op> operations, int most) {
    List<List<Op>> batches = new ArrayList<>();
    List<Op> batch = new ArrayList<>();
    long bytes = 0;
    for (Op operation : operations) {
      long size = SizeLimits.sizeOf(List.of(operation));
      if (!batch.isEmpty() && (batch.size() == most || bytes + size > MOST_BYTES)) {
        batches.add(Collections.unmodifiableList(batch));
        batch = new ArrayList<>();
        bytes = 0;
      }
      batch.add(operation);
      bytes += size;
    }
    if (!batch.isEmpty()) {
      batches.add(Collections.unmodifiableList(batch));
    }
    return batches;
  }

  /** The index of the operation that refused a transaction; −1 if there is none, or if the answer does not say. */
  public static int refusedAt(Answer<List<OpResult>> answer) {
    List<OpResult> results = answer.value();
    for (int i = 0; results != null && i < results.size(); i++) {
      Code code = codeOf(results.get(i));
      if (code != Code.OK && code != Code.RUNTIMEINCONSISTENCY) {
        return i;
      }
    }
    return -1;
  }

  /** Tells if a transaction was refused by the operation at an index, with the code of the answer. */
  public static boolean isRefusedAt(int index, Answer<List<OpResult>> answer) {
    return answer.isAnswered() && !answer.isOk() && refusedAt(answer) == index;
  }

  /** The code of one operation; that of the whole answer if it has no results. */
  public static Code codeAt(int index, Answer<List<OpResult>> answer) {
    List<OpResult> results = answer.value();
    return results == null || index >= results.size() ? answer.code() : codeOf(results.get(index));
  }

  private static Code codeOf(OpResult result) {
    if (result instanceof ErrorResult error) {
      Code code = Code.get(error.getErr());
      return code == null ? Code.SYSTEMERROR : code;
    }
    return Code.OK;
  }

  /** The path of the node that the operation at an index of a successful transaction created. */
  public static String createdAt(int index, Answer<List<OpResult>> answer) {
    return ((CreateResult) answer.get().get(index)).getPath();
  }

  /** The stat of the node that the operation at an index of a successful transaction created or wrote. */
  public static Stat statAt(int index, Answer<List<OpResult>> answer) {
    OpResult result = answer.get().get(index);
    return result instanceof SetDataResult set
        ? set.getStat()
        : Objects.requireNonNull(((CreateResult) result).getStat(), "created without options");
  }

  /**
   * Reads nodes, {@value #MOST_READS} to a request, all in one flight.
   *
   * @param reply receives an answer for each node, in their order
   */
  public static void readNodes(
      SessionHandle handle, List<String> paths, Consumer<List<Answer<Node>>> reply) {
    read(handle, paths, Op::getData, Multi::node, reply);
  }

  /**
   * Lists the children of nodes, {@value #MOST_READS} to a request, all in one flight.
   *
   * @param reply receives an answer for each node, in their order
   */
  public static void listChildren(
      SessionHandle handle, List<String> paths, Consumer<List<Answer<List<String>>>> reply) {
    read(handle, paths, Op::getChildren, Multi::children, reply);
  }

  /** The node that the operation at an index of several reads read. */
  public static Answer<Node> nodeAt(int index, Answer<List<OpResult>> answer) {
    return answerAt(index, answer, Multi::node);
  }

  /** The names of the children that the operation at an index of several reads listed. */
  public static Answer<List<String>> childrenAt(int index, Answer<List<OpResult>> answer) {
    return answerAt(index, answer, Multi::children);
  }

  private static <T> void read(
      SessionHandle handle,
      List<String> paths,
      Function<String, Op> operation,
      Function<OpResult, @Nullable T> decode,
      Consumer<List<Answer<T>>> reply) {
    List<Answer<T>> answers = new ArrayList<>(paths.size());
    if (paths.isEmpty()) {
      reply.accept(answers);
    }
    for (int from = 0; from < paths.size(); from += MOST_READS) {
      List<String> batch = paths.subList(from, Math.min(paths.size(), from + MOST_READS));
      handle.multi(batch.stream().map(operation).toList(), answer -> {
        for (int i = 0; i < batch.size(); i++) {
          answers.add(answerAt(i, answer, decode));
        }
        if (answers.size() == paths.size()) {
          reply.accept(Collections.unmodifiableList(answers));
        }
      });
    }
  }

  private static <T> Answer<T> answerAt(
      int index, Answer<List<OpResult>> answer, Function<OpResult, @Nullable T> decode) {
    List<OpResult> results = answer.value();
    T value = results == null || index >= results.size() ? null : decode.apply(results.get(index));
    if (value != null) {
      return Answer.ok(value);
    }
    Code code = codeAt(index, answer);
    return new Answer<>(code == Code.OK ? Code.MARSHALLINGERROR : code, null, answer.sent());
  }

  private static @Nullable Node node(OpResult result) {
    return result instanceof GetDataResult read
        ? new Node(read.getData() == null ? NO_DATA : read.getData(), read.getStat())
        : null;
  }

  private static @Nullable List<String> children(OpResult result) {
    return result instanceof GetChildrenResult listed ? listed.getChildren() : null;
  }
}
