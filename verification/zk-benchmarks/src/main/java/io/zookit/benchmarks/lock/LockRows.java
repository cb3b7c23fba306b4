package io.zookit.benchmarks.lock;

import io.zookit.benchmarks.measure.Growth;
import io.zookit.benchmarks.measure.Measured;
import io.zookit.benchmarks.measure.RowGroup;
import io.zookit.benchmarks.measure.Scenario;
import io.zookit.benchmarks.measure.ScenarioSetup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The rows of {@code zookit bench lock}: scenarios, names and targets. */
public final class LockRows implements RowGroup {

  @Override
  public String name() {
    return "lock";
  }

  @Override
  public List<Scenario> scenarios() {
    List<Scenario> all = new ArrayList<>();
    all.add(timed("free", 1, 1, rate("lock.free", 1.7)));
    all.add(timed("free", 1, 3, rate("lock.free.ensemble", 1.5)));
    all.add(counted(
        "free",
        1,
        new Measured("lock.free.requests", "requestsEach", false, 1.5),
        new Measured("lock.free.bytes", "bytesEach", false, 1.6)));
    all.add(timed("fresh", 1, 1, rate("lock.fresh", 1.5)));
    all.add(counted("fresh", 1, new Measured("lock.fresh.requests", "requestsEach", false, 1.5)));
    contended(all, 2, 1.2, 1.0, 1.0);
    contended(all, 8, 1.2, 1.0, 1.5);
    contended(all, 32, 1.4, 1.2, 2.0);
    contended(all, 128, 1.5, 1.2, 2.5);
    all.add(timed("drain", 1000, 1, new Measured("lock.drain1000", "millis", false, 3.5)));
    all.add(counted("drain", 1000, new Measured("lock.drain1000.bytes", "bytesEach", false, 20)));
    all.add(timed("local", 64, 1, rate("lock.local64.fifo", 6)));
    all.add(timed("handoff", 64, 1, rate("lock.local64.handoff", 40)));
    all.add(timed("many", 64, 1, rate("lock.many64", 2)));
    return List.copyOf(all);
  }

  @Override
  public List<Growth> growths() {
    return List.of(new Growth(
        "lock.drain", "lock", "drain", "millis", "ms", "waiters", Growth.sizes(100, 50)));
  }

  @Override
  public Map<String, Double> measure(ScenarioSetup setup) throws Exception {
    return new LockScenarios(setup).run();
  }

  private static void contended(
      List<Scenario> all, int clients, double rate, double p99, double bytes) {
    String name = "lock.contended" + clients;
    all.add(timed(
        "contended",
        clients,
        1,
        rate(name, rate),
        new Measured(name + ".p99", "p99Millis", false, p99)));
    all.add(counted(
        "contended",
        clients,
        new Measured(name + ".requests", "requestsEach", false, 1.0),
        new Measured(name + ".bytes", "bytesEach", false, bytes)));
  }

  private static Measured rate(String name, double target) {
    return new Measured(name, "perSecond", true, target);
  }

  private static Scenario timed(String name, int size, int servers, Measured... rows) {
    return new Scenario(name, size, servers, false, List.of(rows));
  }

  private static Scenario counted(String name, int size, Measured... rows) {
    return new Scenario(name, size, 1, true, List.of(rows));
  }
}
