package io.zookit.core.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.OpResult.ErrorResult;
import org.apache.zookeeper.OpResult.GetChildrenResult;
import org.apache.zookeeper.OpResult.GetDataResult;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.CreateRequest;
import org.junit.jupiter.api.Test;

class MultiTest {

  private final List<List<Op>> sent = new ArrayList<>();

  private static Answer<List<OpResult>> refused(Code... codes) {
    List<OpResult> results = new ArrayList<>();
    Code whole = Code.OK;
    for (Code code : codes) {
      results.add(new ErrorResult(code.intValue()));
      if (code != Code.OK && code != Code.RUNTIMEINCONSISTENCY) {
        whole = code;
      }
    }
    return new Answer<>(whole, results, true);
  }

  @Test
  void refusedAt_refusedTransaction_isTheOperationWithACodeOfItsOwn() {
    Answer<List<OpResult>> answer =
        refused(Code.OK, Code.OK, Code.BADVERSION, Code.RUNTIMEINCONSISTENCY);

    assertThat(Multi.refusedAt(answer)).isEqualTo(2);
    assertThat(Multi.isRefusedAt(2, answer)).isTrue();
    assertThat(Multi.isRefusedAt(1, answer)).isFalse();
    assertThat(Multi.codeAt(0, answer)).isEqualTo(Code.OK);
    assertThat(Multi.codeAt(2, answer)).isEqualTo(Code.BADVERSION);
    assertThat(Multi.codeAt(3, answer)).isEqualTo(Code.RUNTIMEINCONSISTENCY);
    assertThat(Multi.codeAt(4, answer)).isEqualTo(Code.BADVERSION);
  }

  @Test
  void refusedAt_answerWithoutResults_isNone() {
    for (Answer<List<OpResult>> answer :
        List.<Answer<List<OpResult>>>of(Answer.notSent(), Answer.of(Code.CONNECTIONLOSS))) {
      assertThat(Multi.refusedAt(answer)).isEqualTo(-1);
      assertThat(Multi.isRefusedAt(-1, answer)).isFalse();
      assertThat(Multi.codeAt(0, answer)).isEqualTo(Code.CONNECTIONLOSS);
    }
    assertThat(Multi.refusedAt(Answer.ok(List.of(new OpResult.CheckResult())))).isEqualTo(-1);
  }

  @Test
  void statAt_createdAndWritten_areDecoded() {
    Stat created = new Stat();
    created.setCzxid(7);
    Stat written = new Stat();
    written.setMzxid(8);
    Answer<List<OpResult>> answer = Answer.ok(
        List.of(new OpResult.CreateResult("/a-1", created), new OpResult.SetDataResult(written)));

    assertThat(Multi.createdAt(0, answer)).isEqualTo("/a-1");
    assertThat(Multi.statAt(0, answer).getCzxid()).isEqualTo(7);
    assertThat(Multi.statAt(1, answer).getMzxid()).isEqualTo(8);
  }

  @Test
  void readNodes_manyNodes_answersEachInOrderAlsoWhereOneRequestIsLost() {
    List<String> paths = paths(Multi.MOST_READS * 2 + 1);
    List<List<Answer<SessionHandle.Node>>> answers = new ArrayList<>();

    Multi.readNodes(handle(this::answerReads), paths, answers::add);

    assertThat(sent).extracting(List::size).containsExactly(128, 128, 1);
    assertThat(answers).hasSize(1);
    for (int i = 0; i < paths.size(); i++) {
      Answer<SessionHandle.Node> answer = answers.get(0).get(i);
      if (i >= Multi.MOST_READS && i < 2 * Multi.MOST_READS) {
        assertThat(answer.code()).as("%d", i).isEqualTo(Code.CONNECTIONLOSS);
        assertThat(answer.isAnswered()).isFalse();
      } else if (i % 3 == 0) {
        assertThat(answer.code()).as("%d", i).isEqualTo(Code.NONODE);
      } else {
        assertThat(answer.get().data())
            .as("%d", i)
            .isEqualTo(paths.get(i).getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void readNodes_nodeWithoutData_hasNoBytes() {
    List<Answer<SessionHandle.Node>> answers = new ArrayList<>();

    Multi.readNodes(
        handle((operations, reply) ->
            reply.accept(Answer.ok(List.of(new GetDataResult(null, new Stat()))))),
        paths(1),
        answers::addAll);

    assertThat(answers.get(0).get().data()).isEmpty();
  }

  @Test
  void readNodes_answerWithTooFewResults_isNoAnswerForTheRest() {
    List<Answer<SessionHandle.Node>> answers = new ArrayList<>();

    Multi.readNodes(
        handle((operations, reply) ->
            reply.accept(Answer.ok(List.of(new GetDataResult(new byte[0], new Stat()))))),
        paths(2),
        answers::addAll);

    assertThat(answers).extracting(Answer::isOk).containsExactly(true, false);
    assertThat(answers.get(1).isAnswered()).isFalse();
  }

  @Test
  void listChildren_ofSeveral_answersEach() {
    List<Answer<List<String>>> answers = new ArrayList<>();

    Multi.listChildren(
        handle((operations, reply) -> reply.accept(new Answer<>(
            Code.NONODE,
            List.of(
                new GetChildrenResult(List.of("a", "b")), new ErrorResult(Code.NONODE.intValue())),
            true))),
        paths(2),
        answers::addAll);

    assertThat(answers.get(0).get()).containsExactly("a", "b");
    assertThat(answers.get(1).code()).isEqualTo(Code.NONODE);
  }

  @Test
  void readNodes_none_answersWithoutARequest() {
    List<List<Answer<SessionHandle.Node>>> answers = new ArrayList<>();

    Multi.readNodes(handle((operations, reply) -> {}), List.of(), answers::add);

    assertThat(sent).isEmpty();
    assertThat(answers).containsExactly(List.of());
  }

  @Test
  void batches_random_keepAllInOrderWithinCountAndBytes() {
    for (long seed = 1; seed <= 50; seed++) {
      Random random = new Random(seed);
      int most = 1 + random.nextInt(20);
      List<Op> all = IntStream.range(0, random.nextInt(60))
          .<Op>mapToObj(i -> Op.create(
              "/n" + i,
              new byte[random.nextInt(200_000)],
              Ids.OPEN_ACL_UNSAFE,
              CreateMode.PERSISTENT))
          .toList();

      List<List<Op>> batches = Multi.batches(all, most);

      assertThat(batches.stream().flatMap(List::stream))
          .as("seed=%d", seed)
          .containsExactlyElementsOf(all);
      assertThat(batches)
          .as("seed=%d", seed)
          .allMatch(batch -> !batch.isEmpty()
              && batch.size() <= most
              && (batch.size() == 1 || bytesOf(batch) <= 512 * 1024));
    }
  }

  private static long bytesOf(List<Op> batch) {
    return batch.stream()
        .mapToLong(op -> ((CreateRequest) op.toRequestRecord()).getData().length)
        .sum();
  }

  private static List<String> paths(int count) {
    return IntStream.range(0, count).mapToObj(i -> "/n" + i).toList();
  }

  /** The second request is lost; every third node does not exist. */
  private void answerReads(List<Op> operations, Consumer<Answer<List<OpResult>>> reply) {
    if (sent.size() == 2) {
      reply.accept(Answer.of(Code.CONNECTIONLOSS));
      return;
    }
    List<OpResult> results = new ArrayList<>();
    for (Op operation : operations) {
      boolean missing = Integer.parseInt(operation.getPath().substring(2)) % 3 == 0;
      results.add(
          missing
              ? new ErrorResult(Code.NONODE.intValue())
              : new GetDataResult(
                  operation.getPath().getBytes(StandardCharsets.UTF_8), new Stat()));
    }
    reply.accept(Answer.ok(results));
  }

  private interface Reply {
    void to(List<Op> operations, Consumer<Answer<List<OpResult>>> reply);
  }

  @SuppressWarnings("unchecked") // the only method that is called takes these
  private SessionHandle handle(Reply server) {
    return (SessionHandle) Proxy.newProxyInstance(
        SessionHandle.class.getClassLoader(),
        new Class<?>[] {SessionHandle.class},
        (proxy, method, arguments) -> {
          assertThat(method.getName()).isEqualTo("multi");
          sent.add((List<Op>) arguments[0]);
          server.to((List<Op>) arguments[0], (Consumer<Answer<List<OpResult>>>) arguments[1]);
          return null;
        });
  }
}
