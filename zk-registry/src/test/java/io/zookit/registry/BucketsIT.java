package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.registry.internal.store.Buckets;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** More instances than belong into one folder. */
@Tag("full")
class BucketsIT extends RegistryCase {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  BucketsIT() {
    super(zooKeeper);
  }

  @Test
  void register_moreThanBelongIntoOneFolder_usesMoreAndConsumersSeeAll() throws Exception {
    int count = Buckets.MANY + 300;
    Party provider = join(Duration.ZERO);
    List<Registration> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(
          provider.registry.register(ServiceInstance.at(SERVICE, "h" + i, 80).withId("i" + i)));
    }
    for (Registration each : all) {
      each.awaitRegistered(Duration.ofSeconds(60));
    }
    ServiceView view = join().registry.discover(SERVICE).awaitReady(Duration.ofSeconds(60));
    await().atMost(Duration.ofSeconds(60)).until(() -> view.current().size() == count);
    assertThat(buckets()).hasSizeGreaterThan(1);
    all.forEach(each -> each.drain(Duration.ZERO));
    await().atMost(Duration.ofSeconds(60)).until(() -> nodes().isEmpty());
  }

  private List<String> buckets() {
    String folder = root + "/services/" + SERVICE + "/";
    return server.nodes(root).stream()
        .map(node -> node.path())
        .filter(path -> path.startsWith(folder))
        .map(path -> path.substring(folder.length()).split("/", 2)[0])
        .distinct()
        .collect(Collectors.toList());
  }
}
