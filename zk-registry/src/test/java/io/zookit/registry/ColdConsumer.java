package io.zookit.registry;

import io.zookit.core.ZkClient;
import io.zookit.testkit.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** The consumer process of {@link ColdStartIT}. */
final class ColdConsumer {

  private ColdConsumer() {}

  public static void main(String[] args) throws Exception {
    ChildJvm.exitWithParent();
    ZkClient client =
        ZkClient.builder(args[0]).root(args[1]).allowUnauthenticated().start();
    ServiceView view = ServiceRegistry.builder(client)
        .files(Path.of(args[2]), Duration.ofHours(1))
        .build()
        .discover(args[3])
        .awaitReady(Duration.ofSeconds(20));
    view.choose();
    System.out.println("cold " + view.current().size() + " instances, chosen, "
        + (view.age().isZero() ? "young" : "aged"));
    CountDownLatch live = new CountDownLatch(1);
    view.subscribe(instances -> {
      if (instances.size() == 4) {
        live.countDown();
      }
    });
    live.await();
    System.out.println("live " + view.current().size() + " instances");
    new CountDownLatch(1).await();
  }
}
