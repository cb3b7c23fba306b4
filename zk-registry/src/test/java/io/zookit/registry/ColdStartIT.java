package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.testkit.ChildJvm;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A process that starts while ZooKeeper cannot be reached. */
@Tag("full")
class ColdStartIT extends RegistryCase {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @TempDir
  private Path folder;

  ColdStartIT() {
    super(zooKeeper);
  }

  @Test
  void consumerProcess_startedWithoutZooKeeper_servesFromTheFileAndConverges() throws Exception {
    Party provider = join();
    registerMany(provider, 3);
    ServiceRegistry first = ServiceRegistry.builder(join().client)
        .files(folder, Duration.ofHours(1))
        .build();
    try (ServiceView view = first.discover(SERVICE).awaitReady(LONG)) {
      assertThat(view.current()).hasSize(3);
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> Files.exists(folder.resolve(SERVICE + ".view")));
    }
    provider.registry.register(instance(7)).awaitRegistered(LONG);
    try (FaultProxy proxy = FaultProxy.to(server)) {
      proxy.refuse();
      try (ChildJvm consumer = ChildJvm.of(ColdConsumer.class)
          .args(proxy.connectString(), root, folder.toString(), SERVICE)
          .start()) {
        String cold = consumer.awaitLine(line -> line.startsWith("cold "), PATIENCE);
        assertThat(cold).isEqualTo("cold 3 instances, chosen, aged");
        proxy.heal();
        assertThat(consumer.awaitLine(line -> line.startsWith("live "), PATIENCE))
            .isEqualTo("live 4 instances");
      }
    }
  }
}
