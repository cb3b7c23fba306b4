package io.zookit.scheduler;

import io.zookit.core.internal.node.ZkPath;
import io.zookit.scheduler.Tree.Change;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Connections that break at just such a request, however often it is sent again. */
final class SimCuts {

  private final SimWorld world;

  SimCuts(SimWorld world) {
    this.world = world;
  }

  /** Breaks the connection of who reads a path, the first times, and counts all its reads. */
  AtomicInteger atFirstReads(ZkPath read, int times, long millis) {
    AtomicInteger reads = new AtomicInteger();
    world.asked = (session, paths) -> {
      if (paths.contains(read) && reads.getAndIncrement() < times) {
        cut(session, millis);
      }
    };
    return reads;
  }

  /** Loses the answer to each commit that deleted such a node: it was taken, and its sender is not told. */
  void afterDrops(Predicate<ZkPath> dropped, long millis) {
    world.served = (session, changes) -> {
      boolean found = changes.stream()
          .anyMatch(each -> each instanceof Change.Drop drop && dropped.test(drop.path()));
      if (found) {
        cut(session, millis);
      }
    };
  }

  private void cut(SimSession session, long millis) {
    world.nodes.stream().filter(node -> node.session == session).forEach(node -> node.cut(millis));
  }
}
