package io.zookit.spring.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** Fields that a structured layout of the application's logging writes. */
@Tag("full")
class LogFieldsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final Logger zookit = (Logger) LoggerFactory.getLogger("io.zookit");
  private final ListAppender<ILoggingEvent> events = new ListAppender<>();

  @BeforeEach
  void listen() {
    events.start();
    zookit.addAppender(events);
  }

  @AfterEach
  void stop() {
    zookit.detachAppender(events);
  }

  @Test
  void lostLease_isOneLineWithLockAndToken() throws Exception {
    try (ZkClient client =
        ZkClient.builder(zooKeeper.connectString()).root(zooKeeper.freshRoot()).connect()) {
      Lease lease = DistributedLock.named("stock/sku-42", client).acquire();
      LockInspector.in(client).breakLock("stock/sku-42");
      await().atMost(Duration.ofSeconds(30)).until(() -> !losses().isEmpty());
      assertThat(losses())
          .singleElement()
          .satisfies(line -> assertThat(line.getKeyValuePairs())
              .extracting(KeyValuePair::toString)
              .containsExactly("lock=\"stock/sku-42\"", "token=\"" + lease.token() + "\""));
    }
  }

  private List<ILoggingEvent> losses() {
    return List.copyOf(events.list).stream()
        .filter(event -> event.getFormattedMessage().startsWith("lost: "))
        .toList();
  }
}
