package io.zookit.scheduler.internal.node;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.testkit.internal.sim.SimulatedRequest.Kind;
import io.zookit.testkit.internal.sim.TreeChange;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Connections that break at certain requests, however often those are sent again. */
final class SimCuts {

  private final SimWorld world;

  SimCuts(SimWorld world) {
    this.world = world;
  }

  /** Loses the first reads of a path, and counts all of them. */
  AtomicInteger atFirstReads(ZkPath read, int times, long millis) {
    AtomicInteger reads = new AtomicInteger();
    world.lost = (node, request) -> {
      boolean loses = request.kind() == Kind.READ
          && request.operations().stream().anyMatch(each -> each.getPath().equals(read.value()))
          && reads.getAndIncrement() < times;
      if (loses) {
        node.cut(millis);
      }
      return loses;
    };
    return reads;
  }

  /** Loses the answer to each commit that deleted such a node: it was accepted, and its sender does not learn of that. */
  void afterDrops(Predicate<ZkPath> dropped, long millis) {
    Set<Long> unanswered = new HashSet<>();
    world.ensemble.record((changes, zxid, session) -> {
      boolean found = changes.stream()
          .anyMatch(each -> each instanceof TreeChange.RemovedNode removed
              && dropped.test(new ZkPath(removed.path())));
      if (found) {
        unanswered.add(session);
      }
    });
    world.ensemble.loseAnswers((from, request) -> {
      boolean loses = request.kind() == Kind.WRITE && unanswered.remove(from.sessionId());
      if (loses) {
        world.nodes.stream().filter(node -> node.uses(from)).forEach(node -> node.cut(millis));
      }
      return loses;
    });
  }
}
