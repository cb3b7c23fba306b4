package io.zookit.benchmarks.scheduler;

import io.zookit.benchmarks.measure.Figures;
import io.zookit.benchmarks.measure.ScenarioSetup;
import io.zookit.core.Timekeeper;
import io.zookit.scheduler.time.Schedule;
import io.zookit.scheduler.time.Slot;
import io.zookit.scheduler.trigger.QuartzTriggerEngine;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.PacketCounts;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.impl.DirectSchedulerFactory;

/** The scenarios of the scheduler's rows, which run in a child JVM. */
final class SchedulerScenarios {

  private static final int LATE_JOBS = 100;
  private static final int CLAIM_JOBS = 30;
  private static final int FIRES_JOBS = 1_000;
  private static final Duration FIRES_PERIOD = Duration.ofMillis(125);

  private final Timekeeper clock = Timekeeper.system();
  private final ScenarioSetup setup;
  private final boolean ours;
  private final String address;
  private final Duration warmUp;
  private final Duration measured;
  private final Queue<Long> lateMillis = new ConcurrentLinkedQueue<>();
  private final Map<String, Integer> runs = new ConcurrentHashMap<>();
  private final AtomicLong count = new AtomicLong();
  private volatile boolean open;

  SchedulerScenarios(ScenarioSetup setup) {
    this.setup = setup;
    this.ours = setup.isZookit();
    this.address = setup.address();
    this.warmUp = setup.warmUp().plusSeconds(3);
    this.measured = setup.measured().multipliedBy(2);
  }

  /** Runs a scenario; see {@link SchedulerRows}. */
  Map<String, Double> run() throws Exception {
    int size = setup.size();
    return switch (setup.nameAfter(SchedulerRows.SCENARIO)) {
      case "late" -> late(size);
      case "fires" -> fires(size);
      case "claim" -> claim(size);
      case "armed" -> armed(size);
      default -> throw new IllegalArgumentException("scenario: " + setup.scenario());
    };
  }

  private JobBench bench(int nodes, JobBench.Fires fires) throws Exception {
    return ours ? new ZookitJobs(address, nodes, fires) : new QuartzJobs(nodes, fires);
  }

  private void onFire(String job, long slot) {
    if (open) {
      lateMillis.add(clock.now().toEpochMilli() - slot);
      count.incrementAndGet();
    }
    runs.merge(job + "@" + slot, 1, Integer::sum);
  }

  private void measure() throws InterruptedException {
    rest(warmUp);
    open = true;
    rest(measured);
    open = false;
  }

  private static void rest(Duration time) throws InterruptedException {
    Timekeeper.system().sleep(time);
  }

  private Map<String, Double> late(int nodes) throws Exception {
    try (JobBench bench = bench(nodes, this::onFire)) {
      bench.start(LATE_JOBS);
      measure();
    }
    return Map.of(
        "p99Millis", Figures.percentile(lateMillis, 0.99),
        "p50Millis", Figures.percentile(lateMillis, 0.5),
        "doubles", doubles());
  }

  private double doubles() {
    return runs.values().stream().filter(each -> each > 1).count();
  }

  /** More is due than either can run: as many jobs each second for Quartz, and eight times as often for us. */
  private Map<String, Double> fires(int nodes) throws Exception {
    if (ours) {
      try (ZookitJobs bench = new ZookitJobs(address, nodes, this::onFire)) {
        bench.start(FIRES_JOBS, Schedule.every(FIRES_PERIOD));
        measure();
      }
    } else {
      try (JobBench bench = new QuartzJobs(nodes, this::onFire)) {
        bench.start(FIRES_JOBS);
        measure();
      }
    }
    return Map.of("perSecond", count.get() / (measured.toMillis() / 1e3), "doubles", doubles());
  }

  /** Requests per slot that was run, at the server, while nothing else happens. */
  private Map<String, Double> claim(int nodes) throws Exception {
    try (FaultProxy proxy = FaultProxy.to(setup.firstServer());
        JobBench bench = ours
            ? new ZookitJobs(proxy.connectString(), nodes, this::onFire)
            : new ShedLockJobs(proxy.connectString(), nodes, this::onFire)) {
      bench.start(CLAIM_JOBS);
      rest(warmUp);
      PacketCounts before = proxy.counts();
      open = true;
      rest(measured);
      open = false;
      PacketCounts all = proxy.counts().minus(before);
      return Map.of("requestsEach", (double) all.total() / count.get());
    }
  }

  private Map<String, Double> armed(int jobs) throws SchedulerException {
    long before = heap();
    long begin = clock.nanos();
    AutoCloseable held = ours ? armOurs(jobs) : armQuartz(jobs);
    double millis = (clock.nanos() - begin) / 1e6;
    double bytes = (double) (heap() - before) / jobs;
    if (held.hashCode() == 0) {
      throw new IllegalStateException("held until here, so that nothing is collected before");
    }
    return Map.of("millis", millis, "bytesEach", bytes);
  }

  private static AutoCloseable armOurs(int jobs) {
    QuartzTriggerEngine engine = new QuartzTriggerEngine();
    for (int i = 0; i < jobs; i++) {
      Schedule schedule = Schedule.cron("0 0 3 * * ?", ZoneOffset.UTC);
      engine.arm("j" + i, after -> schedule.next(after).map(Slot::instant));
    }
    return engine;
  }

  private static AutoCloseable armQuartz(int jobs) throws SchedulerException {
    DirectSchedulerFactory.getInstance().createVolatileScheduler(2);
    Scheduler scheduler = DirectSchedulerFactory.getInstance().getScheduler();
    for (int i = 0; i < jobs; i++) {
      scheduler.scheduleJob(QuartzJobs.job("j" + i), QuartzJobs.nightly("j" + i));
    }
    return () -> scheduler.shutdown(false);
  }

  private static long heap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
