package io.zookit.benchmarks.registry;

import io.zookit.benchmarks.measure.Figures;
import io.zookit.benchmarks.measure.ScenarioSetup;
import io.zookit.core.Timekeeper;
import io.zookit.testkit.FaultProxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The scenarios of the registry's rows, which run in a child JVM.
 *
 * <p>A process registers and follows once, but the JVM's compiler needs more: what is measured once has been done before
 * by the same implementation in the same JVM, {@value #WARM_UPS} times, by connections that are closed again. That is
 * how the peer was measured when the targets were set.
 */
final class RegistryScenarios {

  private static final int BATCH = 1_000;
  private static final int WARM_UPS = 3;
  private static final int REPEATED = 3;
  private static final int CHANGES = 40;

  /** One session may not own more; the next provider looks first how many there are, and makes buckets for them. */
  private static final int MOST_OF_ONE = 10_000;

  private static final Duration PATROLLED = Duration.ofSeconds(3);
  private static final Duration APART = Duration.ofMillis(100);
  private static final Duration QUIET = Duration.ofSeconds(2);
  private static final int COLLECTIONS = 4;
  private static final Duration SETTLE = Duration.ofMillis(500);

  private final Timekeeper clock = Timekeeper.system();
  private final ScenarioSetup setup;

  RegistryScenarios(ScenarioSetup setup) {
    this.setup = setup;
  }

  /** Runs a scenario with {@code instances} instances. */
  Map<String, Double> run() throws Exception {
    int instances = setup.size();
    return switch (setup.nameAfter(RegistryRows.PREFIX)) {
      case "register" -> Map.of("millis", median(() -> register(instances)));
      case "view" ->
        registered(instances, service -> Map.of("millis", median(() -> view(service, instances))));
      case "wire" -> registered(instances, service -> wire(service, instances));
      case "choose" -> registered(instances, service -> choose(service, instances));
      case "memory" ->
        registered(instances, service -> Map.of("bytesEach", memory(service, instances)));
      case "change" -> change(instances);
      case "arrive" -> arrive(instances, Duration.ZERO);
      case "arrive.spaced" -> arrive(instances, APART);
      default -> throw new IllegalArgumentException("scenario: " + setup.scenario());
    };
  }

  private interface Timed {
    double millis() throws Exception;
  }

  private static double median(Timed timed) throws Exception {
    for (int i = 0; i < WARM_UPS; i++) {
      timed.millis();
    }
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < REPEATED; i++) {
      times.add(timed.millis());
    }
    return Figures.median(times);
  }

  private interface Registered {
    Map<String, Double> measure(String service) throws Exception;
  }

  private Map<String, Double> registered(int instances, Registered inside) throws Exception {
    String service = anyService();
    Deque<BenchDiscovery> providers = new ArrayDeque<>();
    try {
      for (int first = 0; first < instances; first += MOST_OF_ONE) {
        if (first > 0) {
          pause(PATROLLED);
        }
        providers.push(connect(setup.address(), service));
        providers.getFirst().register(first, Math.min(instances - first, MOST_OF_ONE));
      }
      return inside.measure(service);
    } finally {
      while (!providers.isEmpty()) {
        providers.pop().close();
      }
    }
  }

  private double register(int instances) throws Exception {
    try (BenchDiscovery provider = connect(setup.address(), anyService())) {
      long begun = clock.nanos();
      provider.register(0, instances);
      return (clock.nanos() - begun) / 1e6;
    }
  }

  private double view(String service, int instances) throws Exception {
    try (BenchDiscovery consumer = connect(setup.address(), service)) {
      long begun = clock.nanos();
      consumer.follow(instances);
      return (clock.nanos() - begun) / 1e6;
    }
  }

  /** Counts the requests that a consumer sends to follow, and to be up to date again after its connection was cut. */
  private Map<String, Double> wire(String service, int instances) throws Exception {
    try (FaultProxy proxy = FaultProxy.to(setup.firstServer());
        BenchDiscovery consumer = connect(proxy.connectString(), service)) {
      proxy.resetCounters();
      consumer.follow(instances);
      double followed = afterSilence(proxy);
      proxy.resetCounters();
      proxy.cut();
      return Map.of("viewRequests", followed, "reconnectRequests", afterSilence(proxy));
    }
  }

  /** The requests until nothing has been sent for a while. */
  private double afterSilence(FaultProxy proxy) throws InterruptedException {
    long before;
    long now = -1;
    do {
      before = now;
      pause(QUIET);
      now = proxy.counts().total();
    } while (now != before);
    return now;
  }

  private Map<String, Double> change(int instances) throws Exception {
    String service = anyService();
    try (BenchDiscovery provider = connect(setup.address(), service);
        FaultProxy proxy = FaultProxy.to(setup.firstServer())) {
      provider.register(0, instances);
      double millis;
      try (BenchDiscovery consumer = connect(setup.address(), service)) {
        millis = changes(provider, consumer, instances, 1, () -> {});
      }
      try (BenchDiscovery consumer = connect(proxy.connectString(), service)) {
        changes(provider, consumer, instances, 1 + CHANGES, () -> {
          afterSilence(proxy);
          proxy.resetCounters();
        });
        return Map.of("millis", millis, "requests", afterSilence(proxy) / CHANGES);
      }
    }
  }

  /** The median time from the beginning of a change to the listener; changes come one by one. */
  private double changes(
      BenchDiscovery provider,
      BenchDiscovery consumer,
      int instances,
      int first,
      RepeatedCall ready)
      throws Exception {
    Semaphore heard = new Semaphore(0);
    consumer.listen(instances, new BenchDiscovery.ArrivalListener() {
      @Override
      public void onChanged() {
        heard.release();
      }
    });
    ready.run();
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < CHANGES; i++) {
      pause(APART);
      heard.drainPermits();
      long begun = clock.nanos();
      provider.change(first + i);
      heard.acquire();
      times.add((clock.nanos() - begun) / 1e6);
    }
    return Figures.median(times);
  }

  /** The times from the call that registers or ends an instance to the listener, and the requests for it. */
  private Map<String, Double> arrive(int instances, Duration apart) throws Exception {
    String service = anyService();
    try (BenchDiscovery provider = connect(setup.address(), service);
        FaultProxy proxy = FaultProxy.to(setup.firstServer())) {
      provider.register(0, instances);
      Map<String, Double> figures = new HashMap<>();
      try (BenchDiscovery consumer = connect(setup.address(), service)) {
        Arrivals arrivals = new Arrivals();
        consumer.listen(instances, arrivals);
        figures.put(
            "appearMillis", times(arrivals.appeared, apart, i -> provider.appear(instances + i)));
        figures.put("disappearMillis", times(arrivals.disappeared, apart, provider::disappear));
      }
      try (BenchDiscovery consumer = connect(proxy.connectString(), service)) {
        Arrivals arrivals = new Arrivals();
        consumer.listen(instances, arrivals);
        afterSilence(proxy);
        proxy.resetCounters();
        times(arrivals.appeared, apart, i -> provider.appear(instances + i));
        figures.put("appearRequests", afterSilence(proxy) / CHANGES);
        proxy.resetCounters();
        times(arrivals.disappeared, apart, provider::disappear);
        figures.put("disappearRequests", afterSilence(proxy) / CHANGES);
      }
      return figures;
    }
  }

  private static final class Arrivals implements BenchDiscovery.ArrivalListener {
    final Semaphore appeared = new Semaphore(0);
    final Semaphore disappeared = new Semaphore(0);

    @Override
    public void onAppeared() {
      appeared.release();
    }

    @Override
    public void onDisappeared() {
      disappeared.release();
    }
  }

  private interface NumberedStep {
    void run(int number) throws Exception;
  }

  /** The median time of {@value #CHANGES} steps until the listener is notified, one after another. */
  private double times(Semaphore notified, Duration apart, NumberedStep step) throws Exception {
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < CHANGES; i++) {
      if (!apart.isZero()) {
        pause(apart);
      }
      long begun = clock.nanos();
      step.run(i);
      notified.acquire();
      times.add((clock.nanos() - begun) / 1e6);
    }
    return Figures.median(times);
  }

  private Map<String, Double> choose(String service, int instances) throws Exception {
    try (BenchDiscovery consumer = connect(setup.address(), service)) {
      consumer.follow(instances);
      return Map.of("chooseNanos", nanos(consumer::choose), "pickNanos", nanos(consumer::pick));
    }
  }

  /** The heap that stays for each instance of a view that is followed. */
  private double memory(String service, int instances) throws Exception {
    view(service, instances);
    try (BenchDiscovery consumer = connect(setup.address(), service)) {
      long before = usedHeap();
      consumer.follow(instances);
      return (double) (usedHeap() - before) / instances;
    }
  }

  /** After what was under way has come to rest and the garbage is gone. */
  private long usedHeap() throws InterruptedException {
    long used = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      pause(SETTLE);
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
    }
    return used;
  }

  private interface RepeatedCall {
    void run() throws Exception;
  }

  private double nanos(RepeatedCall step) throws Exception {
    repeat(step, setup.warmUp());
    return repeat(step, setup.measured());
  }

  private double repeat(RepeatedCall step, Duration time) throws Exception {
    long begun = clock.nanos();
    long count = 0;
    long passed;
    do {
      for (int i = 0; i < BATCH; i++) {
        step.run();
      }
      count += BATCH;
      passed = clock.nanos() - begun;
    } while (passed < time.toNanos());
    return (double) passed / count;
  }

  private BenchDiscovery connect(String to, String service) throws Exception {
    return BenchDiscovery.connect(setup.implementation(), to, service);
  }

  private static String anyService() {
    return "bench-" + Integer.toHexString(ThreadLocalRandom.current().nextInt());
  }

  private void pause(Duration time) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    clock.after(time, over::countDown);
    over.await();
  }
}
