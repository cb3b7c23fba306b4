package io.zookit.scheduler.trigger;

import io.zookit.core.Timekeeper;
import io.zookit.core.ZkException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerKey;
import org.quartz.impl.DirectSchedulerFactory;
import org.quartz.simpl.RAMJobStore;
import org.quartz.spi.ThreadExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Quartz scheduler in memory, used as a timer. Needs Quartz, an optional dependency.
 *
 * <p>Job details are shared by about a thousand buckets of triggers: a single one for all would make the removal of a
 * trigger linear, one per trigger would double the memory.
 *
 * <p><i>Threads:</i> one daemon thread of Quartz fires all triggers.
 *
 * <p><i>Cost:</i> about 400 bytes per job in addition to its timetable.
 */
@SuppressWarnings("JavaUtilDate") // Quartz' currency
public final class QuartzTriggerEngine implements TriggerEngine {

  private static final Logger log = LoggerFactory.getLogger(QuartzTriggerEngine.class);
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final int BUCKETS = 1021;
  private static final long IDLE_MILLIS = 30_000;

  private final Timekeeper clock = Timekeeper.system();
  private final Scheduler scheduler;
  private final Map<Integer, JobKey> buckets = new ConcurrentHashMap<>();
  private final Map<String, TriggerKey> triggers = new ConcurrentHashMap<>();
  private volatile Consumer<String> fired = key -> {};

  /** An engine that fires once it is started. */
  public QuartzTriggerEngine() {
    String name = "zookit-trigger-" + COUNT.incrementAndGet();
    try {
      DirectSchedulerFactory factory = DirectSchedulerFactory.getInstance();
      factory.createScheduler(
          name,
          name,
          new InlineThreadPool(),
          new DaemonThreads(),
          new RAMJobStore(),
          Map.of(),
          null,
          0,
          IDLE_MILLIS,
          -1,
          false,
          null,
          InlineThreadPool.BATCH,
          0);
      scheduler = factory.getScheduler(name);
      scheduler.setJobFactory((bundle, owner) -> new EnqueueJob(this));
    } catch (SchedulerException e) {
      throw failed("started", e);
    }
  }

  @Override
  public void start(Consumer<String> newFired) {
    fired = newFired;
    try {
      scheduler.start();
    } catch (SchedulerException e) {
      throw failed("started", e);
    }
  }

  @Override
  public Instant now() {
    return clock.now();
  }

  @Override
  public void arm(String key, Timetable timetable) {
    TriggerKey before = triggers.get(key);
    TriggerKey known = before == null ? new TriggerKey(key) : before;
    try {
      SlotTrigger trigger = new SlotTrigger(known, bucketOf(key), timetable, now());
      if (!trigger.mayFireAgain()) {
        disarm(key);
        return;
      }
      triggers.put(key, known);
      if (before == null || scheduler.rescheduleJob(known, trigger) == null) {
        scheduler.scheduleJob(trigger);
      }
    } catch (SchedulerException e) {
      throw failed("armed for " + key, e);
    }
  }

  @Override
  public void disarm(String key) {
    TriggerKey known = triggers.remove(key);
    if (known != null) {
      try {
        scheduler.unscheduleJob(known);
      } catch (SchedulerException e) {
        throw failed("disarmed for " + key, e);
      }
    }
  }

  @Override
  public int armed() {
    return triggers.size();
  }

  @Override
  public void close() {
    try {
      scheduler.shutdown(false);
    } catch (SchedulerException e) {
      log.warn("{}: Quartz did not shut down", this, e);
    }
  }

  void fire(String key) {
    fired.accept(key);
  }

  private JobKey bucketOf(String key) throws SchedulerException {
    int bucket = Math.floorMod(key.hashCode(), BUCKETS);
    JobKey known = buckets.get(bucket);
    if (known == null) {
      known = new JobKey("bucket-" + bucket);
      JobDetail detail =
          JobBuilder.newJob(EnqueueJob.class).withIdentity(known).storeDurably().build();
      scheduler.addJob(detail, true);
      buckets.put(bucket, known);
    }
    return known;
  }

  private static final class DaemonThreads implements ThreadExecutor {

    @Override
    public void execute(Thread thread) {
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void initialize() {}
  }

  private static ZkException failed(String what, SchedulerException cause) {
    return new ZkException("the Quartz engine could not be " + what, cause);
  }

  @Override
  public String toString() {
    return "QuartzTriggerEngine";
  }
}
