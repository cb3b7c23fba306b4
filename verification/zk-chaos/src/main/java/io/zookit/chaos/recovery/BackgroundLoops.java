package io.zookit.chaos.recovery;

import io.zookit.chaos.control.NaiveFollower;
import io.zookit.chaos.control.NaiveRegistration;
import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.ChildWork;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import io.zookit.registry.Registration;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobScheduler;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.JMException;

/**
 * Child JVM with every loop that Zookit runs in the background: it waits for a lock, keeps itself registered and
 * follows the other instances, publishes a configuration and follows those of the others, and is one of the nodes of
 * a job and of one that all nodes run. It prints each sign of life, and next to them what a {@link NaiveFollower} receives
 * and what a {@link NaiveRegistration} holds.
 */
final class BackgroundLoops {

  static final String BEAT = "beat ";
  static final String CENSUS = "census ";
  static final String LOCK = "lock";
  static final String REGISTRY = "registry";
  static final String CONFIG = "config";
  static final String JOB = "job";
  static final String BROADCAST = "broadcast";
  static final String CONTROL = "control";
  static final String CLAIM = "claim";

  private static final String SERVICE = "loops";
  private static final Duration STEP = Duration.ofMillis(300);
  private static final int PORT = 8080;

  private final ChildArguments arguments;
  private final ZkClient zk;
  private final ChildWork work;

  private BackgroundLoops(ChildArguments arguments, ZkClient zk, ChildWork work) {
    this.arguments = arguments;
    this.zk = zk;
    this.work = work;
  }

  /** Arguments: those of a {@link ChildArguments}, and the names of the other members. */
  public static void main(String[] args) throws Exception {
    ChildWork work = ChildWork.begin(line -> count());
    ChildArguments arguments = ChildArguments.of(args);
    try (ZkClient zk = arguments.start();
        NaiveFollower control =
            new NaiveFollower(arguments, NodeChurn.PATH, children -> beat(CONTROL));
        NaiveRegistration claim = new NaiveRegistration(arguments, () -> beat(CLAIM));
        JobScheduler node = JobScheduler.builder(zk)
            .label(arguments.member())
            .history(run -> {})
            .start()) {
      BackgroundLoops loops = new BackgroundLoops(arguments, zk, work);
      node.handle(JOB, run -> beat(JOB));
      node.handle(BROADCAST, run -> beat(BROADCAST));
      loops.follow();
      work.daemon("publisher", loops::publish);
      work.daemon("waiter", loops::waitForLock);
      work.daemon("claim", claim::hold);
      loops.define(node, everySecond(JOB));
      loops.define(node, everySecond(BROADCAST).broadcast());
      loops.stayRegistered();
    }
    ChildWork.end();
  }

  private static void count() {
    try {
      System.out.println(CENSUS + ProcessResources.take().words());
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void beat(String loop) {
    System.out.println(BEAT + loop);
  }

  private void follow() {
    ConfigStore store = ConfigStore.in(zk);
    for (String other : arguments.more()) {
      store.follow(namespace(other)).subscribe(snapshot -> beat(CONFIG));
    }
    Map<String, Integer> weights = new ConcurrentHashMap<>();
    ServiceRegistry.in(zk)
        .discover(SERVICE)
        .subscribe(instances -> instances.stream()
            .filter(each -> !each.id().equals(arguments.member()))
            .filter(each ->
                !Integer.valueOf(each.weight()).equals(weights.put(each.id(), each.weight())))
            .forEach(each -> beat(REGISTRY)));
  }

  private static Namespace namespace(String member) {
    return Namespace.of("prod", "loops", member);
  }

  private void publish() throws InterruptedException {
    ConfigStore store = ConfigStore.in(zk);
    for (int i = 0; work.isOn(); i++) {
      try {
        store.publish(
            namespace(arguments.member()),
            Content.properties("n=" + arguments.life() + "-" + i),
            Change.by(arguments.member()));
      } catch (ZkException e) {
        System.out.println("not published: " + e.getMessage());
      }
      Stopwatch.pause(STEP);
    }
  }

  private void waitForLock() throws InterruptedException {
    DistributedLock lock = DistributedLock.named("loops", zk);
    while (work.isOn()) {
      try (Lease lease = lock.acquire()) {
        System.out.println(BEAT + LOCK + " " + lease.token());
        Stopwatch.pause(Duration.ofMillis(50));
      } catch (ZkException e) {
        System.out.println("no lock: " + e.getMessage());
        Stopwatch.pause(STEP);
      }
    }
  }

  private static Job everySecond(String name) {
    return Job.named(name).on(Schedule.every(Duration.ofSeconds(1)));
  }

  private void define(JobScheduler node, Job job) throws InterruptedException {
    for (boolean defined = false; !defined; ) {
      try {
        node.define(job);
        defined = true;
      } catch (ZkException e) {
        System.out.println("not defined: " + e.getMessage());
        Stopwatch.pause(STEP);
      }
    }
  }

  private void stayRegistered() throws InterruptedException {
    try (Registration mine = ServiceRegistry.builder(zk)
        .grace(Duration.ZERO)
        .build()
        .register(ServiceInstance.at(SERVICE, "127.0.0.1", PORT).withId(arguments.member()))) {
      for (int i = 1; work.isOn(); i++) {
        int weight = i;
        mine.update(instance -> instance.withWeight(weight));
        Stopwatch.pause(STEP);
      }
    }
  }
}
