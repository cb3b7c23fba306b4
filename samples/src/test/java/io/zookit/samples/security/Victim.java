package io.zookit.samples.security;

import io.zookit.config.ConfigObserver;
import io.zookit.config.ConfigSnapshot;
import io.zookit.config.ConfigStore;
import io.zookit.config.Namespace;
import io.zookit.config.gray.Instance;
import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.registry.RegistryObserver;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import io.zookit.scheduler.HistorySink;
import io.zookit.scheduler.JobScheduler;
import io.zookit.testkit.ChildJvm;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Process that follows a configuration, discovers a service and runs jobs. It reports what it sees on request, and
 * errors on its own.
 */
final class Victim {

  static final Namespace LIMITS = Namespace.of("prod", "shop", "limits");
  static final Namespace OTHER = Namespace.of("prod", "shop", "other");
  static final String SERVICE = "shop";
  static final String JOB = "victim";
  static final String WITNESS = "witness";

  private static final Duration LONG = Duration.ofSeconds(60);

  private Victim() {}

  /** State that it reports on request. */
  record Sight(String limits, String other, List<String> instances, int runs, int witnessed) {

    static Sight parse(String line) {
      String[] parts = line.split(" ", -1);
      List<String> instances = parts[4].isEmpty() ? List.of() : List.of(parts[4].split(",", -1));
      return new Sight(
          parts[2], parts[3], instances, Integer.parseInt(parts[5]), Integer.parseInt(parts[6]));
    }

    private String line(String question) {
      return String.join(
          " ",
          "SEES",
          question,
          limits,
          other,
          String.join(",", instances),
          "" + runs,
          "" + witnessed);
    }
  }

  /** Arguments: address, root. */
  public static void main(String[] args) throws Exception {
    BlockingQueue<String> questions = new LinkedBlockingQueue<>();
    ChildJvm.exitWithParent(questions::add);
    ZkClient client =
        ZkClient.builder(args[0]).root(args[1]).connectTimeout(LONG).connect();
    ConfigStore store = ConfigStore.builder(client)
        .instance(Instance.named("victim"))
        .observer(new ConfigWords())
        .build();
    LiveValue<ConfigSnapshot> limits = store.follow(LIMITS).awaitReady(LONG);
    LiveValue<ConfigSnapshot> other = store.follow(OTHER).awaitReady(LONG);
    ServiceView view = ServiceRegistry.builder(client)
        .observer(new RegistryWords())
        .build()
        .discover(SERVICE)
        .awaitReady(LONG);
    AtomicInteger runs = new AtomicInteger();
    AtomicInteger witnessed = new AtomicInteger();
    JobScheduler node =
        JobScheduler.builder(client).label("victim").history(HistorySink.none()).start();
    node.handle(JOB, run -> runs.incrementAndGet());
    node.handle(WITNESS, run -> witnessed.incrementAndGet());
    while (true) {
      String question = questions.take();
      Sight sight = new Sight(
          limits.current().get("max").orElse("none"),
          other.current().get("max").orElse("none"),
          view.current().stream().map(ServiceInstance::id).sorted().collect(Collectors.toList()),
          runs.get(),
          witnessed.get());
      System.out.println(sight.line(question));
    }
  }

  private static void say(String what, Object... details) {
    StringBuilder line = new StringBuilder(what);
    for (Object detail : details) {
      line.append(' ').append(detail);
    }
    System.out.println(line);
  }

  private static final class ConfigWords implements ConfigObserver {
    @Override
    public void onUnreadable(Namespace namespace, String reason) {
      say("CONFIG unreadable", namespace, reason);
    }

    @Override
    public void onUnsupported(Namespace namespace, String what) {
      say("CONFIG unsupported", namespace, what);
    }

    @Override
    public void onRejected(Namespace namespace, int release, List<String> problems) {
      say("CONFIG rejected", namespace, release, problems);
    }
  }

  private static final class RegistryWords implements RegistryObserver {
    @Override
    public void onSkipped(String service, String node, String reason) {
      say("REGISTRY skipped", service, node, reason);
    }

    @Override
    public void onViewFailed(String service, String reason) {
      say("REGISTRY failed", service, reason);
    }
  }
}
