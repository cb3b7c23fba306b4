package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.core.ZkClient;
import io.zookit.group.Group;
import io.zookit.group.Handover;
import io.zookit.group.Member;
import io.zookit.group.Membership;
import io.zookit.group.Ownership;
import io.zookit.group.Partitions;
import io.zookit.id.Sequence;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import io.zookit.registry.Registration;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobScheduler;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.time.ZoneId;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EveryModuleTest {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private ZkClient zk;

  @BeforeEach
  void connect() {
    zk = ZkClient.connect(zooKeeper.connectString());
  }

  @AfterEach
  void close() {
    zk.close();
  }

  @Test
  void lock() throws Exception {
    DistributedLock lock = DistributedLock.named("stock", zk);
    try (Lease first = lock.acquire()) {
      assertTrue(first.isValid());
    }
  }

  @Test
  void discovery() throws Exception {
    ServiceRegistry registry = ServiceRegistry.builder(zk).grace(Duration.ZERO).build();
    try (Registration mine = registry.register(ServiceInstance.at("payments", "10.0.0.7", 8080));
        ServiceView payments = registry.discover("payments")) {
      mine.awaitRegistered(Duration.ofSeconds(30));
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (payments.inRotation().isEmpty() && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      assertEquals(8080, payments.inRotation().get(0).port());
    }
  }

  @Test
  void configuration() throws Exception {
    Namespace limits = Namespace.of("prod", "checkout", "limits");
    ConfigStore store = ConfigStore.in(zk);
    store.publish(limits, Content.properties("max-orders=200"), Change.by("ana"));
    assertEquals(1, store.update(limits, now -> now.with("max-orders", "300"), Change.by("ana")).number() - 1);
  }

  @Test
  void job() throws Exception {
    CountDownLatch ran = new CountDownLatch(1);
    try (JobScheduler scheduler = JobScheduler.start(zk)) {
      scheduler.schedule(Job.named("tick").cron("* * * * * ?", ZoneId.of("UTC")), run -> ran.countDown());
      assertTrue(ran.await(60, TimeUnit.SECONDS));
    }
  }

  @Test
  void ids() throws Exception {
    Sequence invoices = Sequence.named("invoice", zk).createFrom(1);
    assertEquals(1, invoices.next());
    assertEquals(2, invoices.next());
  }

  @Test
  void partitions() throws Exception {
    CountDownLatch all = new CountDownLatch(4);
    try (Membership me = Group.named("indexers", zk).join(Member.id("n1"));
        Ownership mine = me.own(Partitions.of(4), partition -> all.countDown(), Handover.untilDone())) {
      assertTrue(all.await(60, TimeUnit.SECONDS));
    }
  }
}
