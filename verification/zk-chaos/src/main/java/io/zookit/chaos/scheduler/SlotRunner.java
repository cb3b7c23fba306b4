package io.zookit.chaos.scheduler;

import io.zookit.chaos.control.NaiveLeader;
import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.ChildWork;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.chaos.fault.ShiftedClock;
import io.zookit.chaos.resource.CounterClient;
import io.zookit.core.ZkClient;
import io.zookit.scheduler.JobRun;
import io.zookit.scheduler.JobScheduler;
import io.zookit.scheduler.RunRecord;
import java.io.IOException;
import java.time.Duration;

/**
 * Child JVM that is a node of a job. Its code accesses a fenced counter when it begins and when it ends, even after
 * it was ordered to stop: the fence exists for this case. It also runs a {@link NaiveLeader}.
 */
final class SlotRunner {

  static final String JOB = "tick";

  /** Printed with the slot and the token of a run that begins. */
  static final String BEGUN = "begun ";

  /** Printed with the slot of a run whose write was taken. */
  static final String WRITTEN = "written ";

  /** Printed with the slot of a run that was refused at one of its touches. */
  static final String REFUSED = "refused ";

  /** Printed with the claim, the slot and the fate of an end record. */
  static final String ENDED = "ended ";

  /** An order with how far the wall clock is to be ahead; it is printed when it is. */
  static final String CLOCK = "clock ";

  /** Printed with the slot that the control runs. */
  static final String CONTROL = "control ";

  private static final Duration WORK = Duration.ofMillis(50);
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  private final String life;
  private final int port;

  private SlotRunner(String life, int port) {
    this.life = life;
    this.port = port;
  }

  /** Arguments: those of a {@link ChildArguments}, and the port of the counters. */
  public static void main(String[] args) throws Exception {
    ShiftedClock clock = new ShiftedClock();
    ChildWork work = ChildWork.begin(order -> obey(order, clock));
    ChildArguments arguments = ChildArguments.of(args);
    SlotRunner code =
        new SlotRunner(arguments.life(), Integer.parseInt(arguments.more().get(0)));
    try (ZkClient zk = arguments.start(clock);
        NaiveLeader control =
            new NaiveLeader(arguments, slot -> System.out.println(CONTROL + slot));
        JobScheduler node = JobScheduler.builder(zk)
            .patience(FAREWELL)
            .history(SlotRunner::tellEnd)
            .start()) {
      work.daemon("textbook", control::lead);
      node.handle(JOB, code::run);
      work.awaitEnd();
    }
    ChildWork.end();
  }

  private static void obey(String order, ShiftedClock clock) {
    clock.shift(Duration.parse(order.substring(CLOCK.length())));
    System.out.println(order);
  }

  private static void tellEnd(RunRecord run) {
    System.out.println(ENDED + run.id() + " " + run.slot().instant() + " " + run.outcome());
  }

  private void run(JobRun run) throws IOException {
    String slot = run.slot().instant().toString();
    System.out.println(BEGUN + slot + " " + run.token());
    try (CounterClient counters = new CounterClient(life, port)) {
      CounterClient.Counters before = counters.read(run.token());
      work();
      boolean taken =
          counters.write(run.token(), before.value().orElse(-1) + 1, before.control() + 1);
      System.out.println((taken && before.value().isPresent() ? WRITTEN : REFUSED) + slot);
    }
  }

  private static void work() {
    try {
      Stopwatch.pause(WORK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it goes on all the same
    }
  }
}
