package io.zookit.samples.quickstart;

import io.zookit.core.ZkClient;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobScheduler;
import io.zookit.scheduler.Verification;
import io.zookit.testkit.ZkServer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Runs a cron job on two nodes: one of them claims each slot, and the outcome of every slot is recorded. */
public final class ClusterCronSample {

  private static final Job JOB =
      Job.named("sample-tick").cron("* * * * * ?", ZoneOffset.UTC).exclusive();

  /** Runs the sample. */
  public static void main(String[] args) throws Exception {
    try (ZkServer server = args.length == 0 ? ZkServer.start() : null) {
      String servers = server == null ? args[0] : server.connectString();
      try (ZkClient one = ZkClient.connect(servers);
          ZkClient two = ZkClient.connect(servers);
          JobScheduler first = JobScheduler.builder(one).label("node-1").start();
          JobScheduler second = JobScheduler.builder(two).label("node-2").start()) {
        run(first, second);
      }
    }
  }

  private static void run(JobScheduler first, JobScheduler second) throws Exception {
    BlockingQueue<Instant> ran = new LinkedBlockingQueue<>();
    for (JobScheduler node : List.of(first, second)) {
      node.schedule(JOB, run -> {
        System.out.println("slot " + run.scheduledTime() + " runs on " + node.label());
        ran.add(run.scheduledTime());
      });
    }
    List<Instant> slots = new ArrayList<>();
    while (slots.size() < 4) {
      Instant slot = ran.poll(30, TimeUnit.SECONDS);
      if (slot == null) {
        throw new IllegalStateException("no slot ran within 30 s");
      }
      slots.add(slot);
    }
    Instant from = slots.get(0).minusSeconds(1);
    Verification ledger = first.verify(JOB.name(), from, slots.get(3));
    first.delete(JOB.name());
    System.out.println(
        "recorded: " + ledger.slots() + " slots, " + ledger.gaps().size() + " without an outcome, "
            + ledger.duplicates().size() + " with two");
    if (!ledger.isClean() || new HashSet<>(slots).size() != slots.size()) {
      throw new IllegalStateException("a slot ran twice or has no outcome: " + slots);
    }
  }
}
