package io.zookit.chaos.boundary;

import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.core.Subscription;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkUnavailableException;
import io.zookit.scheduler.HistorySink;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobNode;
import io.zookit.scheduler.JobScheduler;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Predicate;

/** Visitor that is a node of a job, triggers a run and waits for its completion. */
final class JobUser implements RecipeUser {

  private static final Duration LOOK = Duration.ofMillis(10);

  private final ZkClient zk;
  private final JobScheduler node;
  private final ZkClient direct;
  private final JobLedger ledger;

  private JobUser(ZkClient zk, ZkClient direct) {
    this.zk = zk;
    this.direct = direct;
    this.ledger = JobLedger.in(direct);
    this.node = JobScheduler.builder(zk)
        .history(HistorySink.none())
        .patience(Duration.ofSeconds(1))
        .start();
  }

  /** Returns when the others know the node, which has no code yet. */
  static RecipeUser open(Door door) throws InterruptedException {
    JobUser visitor = new JobUser(
        ClientUser.connect(door.name(), door.address(), door.root()),
        ClientUser.connect(door.name() + "-asks", door.servers(), door.root()));
    visitor.awaitKnown(each -> true);
    return visitor;
  }

  private void awaitKnown(Predicate<JobNode> as) throws InterruptedException {
    Stopwatch watch = new Stopwatch();
    while (ledger.nodes().stream()
        .noneMatch(each -> each.label().equals(node.label()) && as.test(each))) {
      if (watch.hasPassed(Trial.PATIENCE)) {
        throw new IllegalStateException("node " + node.label() + " is not known to the others");
      }
      Stopwatch.pause(LOOK);
    }
  }

  /** Registers the handler only for the duration of the use, so that no other node executes the triggered run. */
  @Override
  public void use() throws InterruptedException {
    try (Subscription code = node.handle(Recipe.NAME, run -> {})) {
      awaitKnown(each -> each.handlers().containsKey(Recipe.NAME));
      long before = ends();
      ask("t-" + UUID.randomUUID());
      Stopwatch watch = new Stopwatch();
      while (ends() <= before) {
        if (watch.hasPassed(Trial.PATIENCE)) {
          throw new IllegalStateException("the run has no end");
        }
        Stopwatch.pause(LOOK);
      }
    }
  }

  /** Triggers a run, and repeats the request with the same id if the answer was lost. */
  private void ask(String id) throws InterruptedException {
    Stopwatch watch = new Stopwatch();
    for (boolean asked = false; !asked; ) {
      try {
        node.define(Job.named(Recipe.NAME));
        node.trigger(Recipe.NAME, id, Map.of());
        asked = true;
      } catch (ZkUnavailableException e) {
        if (watch.hasPassed(Trial.PATIENCE)) {
          throw e;
        }
      }
    }
  }

  private long ends() throws InterruptedException {
    return ledger.find(Recipe.NAME).isEmpty() ? 0 : ledger.history(Recipe.NAME).size();
  }

  @Override
  public boolean isConnected() {
    return ClientUser.isConnected(zk);
  }

  @Override
  public OptionalLong effects() throws InterruptedException {
    return OptionalLong.of(ends());
  }

  @Override
  public void close() {
    node.close();
    zk.close();
    direct.close();
  }
}
