package io.zookit.scheduler.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.scheduler.internal.zk.Batcher;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import io.zookit.scheduler.internal.zk.ZkSessionTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Commits that share a transaction. In virtual time. */
class BatcherTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final SimWorld world = new SimWorld(7);
  private final ZkSessionTree tree = world.connect("c");
  private final Batcher batcher = new Batcher(
      tree,
      task -> world.time.after(Duration.ofMillis(1), () -> tree.client().loop().execute(task)));
  private final List<String> told = new ArrayList<>();

  @Test
  void replyThrows_theOthersOfItsTransactionAreTold() {
    throwing("a", new IllegalStateException("a reply failed"));
    commit("b");
    commit("c");
    runIntoFailure();
    assertThat(told).containsExactly("b " + Code.OK, "c " + Code.OK);
    commit("d");
    world.time.run(SECOND);
    assertThat(told).contains("d " + Code.OK);
  }

  @Test
  void severalRepliesThrow_noneOfTheirFailuresIsLost() {
    RuntimeException same = new IllegalStateException("the first and the third");
    throwing("a", same);
    throwing("b", new IllegalStateException("the second"));
    throwing("c", same);
    world.time.run(SECOND);
    assertThat(world.thrown)
        .singleElement()
        .isSameAs(same)
        .satisfies(thrown -> assertThat(thrown.getSuppressed())
            .singleElement()
            .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
            .hasMessage("the second"));
  }

  @Test
  void replyOfARefusalThrows_theOthersAreSentAgain() {
    commit("a");
    world.time.run(SECOND);
    commit("b");
    throwing("a", new IllegalStateException("a reply failed"));
    commit("c");
    runIntoFailure();
    world.time.run(SECOND);
    assertThat(told).containsExactly("a " + Code.OK, "b " + Code.OK, "c " + Code.OK);
  }

  private void runIntoFailure() {
    world.time.run(SECOND);
    assertThat(world.thrown)
        .singleElement(InstanceOfAssertFactories.THROWABLE)
        .hasMessage("a reply failed");
  }

  private void throwing(String name, RuntimeException failure) {
    batcher.commit(make(name), answer -> {
      throw failure;
    });
  }

  private void commit(String name) {
    batcher.commit(make(name), answer -> told.add(name + " " + answer.code()));
  }

  private List<WriteOp> make(String name) {
    return List.of(new WriteOp.Make(world.paths.root().child(name), new byte[0], false));
  }
}
