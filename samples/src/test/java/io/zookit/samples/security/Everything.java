package io.zookit.samples.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.config.Change;
import io.zookit.config.ConfigRefusedException;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Drafts;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.config.gray.Audience;
import io.zookit.config.gray.Instance;
import io.zookit.config.secret.KeyProvider;
import io.zookit.core.ZkClient;
import io.zookit.group.Group;
import io.zookit.group.Handover;
import io.zookit.group.Member;
import io.zookit.group.Membership;
import io.zookit.group.Ownership;
import io.zookit.group.PartitionState;
import io.zookit.group.Partitions;
import io.zookit.id.Counter;
import io.zookit.id.IdInspector;
import io.zookit.id.IdLayout;
import io.zookit.id.Segments;
import io.zookit.id.Sequence;
import io.zookit.id.SharedValue;
import io.zookit.id.Snowflake;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.DistributedReadWriteLock;
import io.zookit.lock.DistributedSemaphore;
import io.zookit.lock.Lease;
import io.zookit.lock.NumberedLeases;
import io.zookit.lock.StateCell;
import io.zookit.lock.StripedLock;
import io.zookit.lock.barrier.DistributedCountDownLatch;
import io.zookit.lock.barrier.DistributedDoubleBarrier;
import io.zookit.lock.election.LeaderElection;
import io.zookit.lock.election.Leadership;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import io.zookit.registry.health.HealthOptions;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.scheduler.HistorySink;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobHandler;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobScheduler;
import io.zookit.scheduler.Overlap;
import io.zookit.scheduler.SlotClaims;
import io.zookit.scheduler.time.Schedule;
import io.zookit.scheduler.time.Slot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Uses every kind of node that is stored in ZooKeeper, by two clients, and keeps the uses open until it is closed. */
final class Everything implements AutoCloseable {

  static final Namespace LIMITS = Namespace.of("prod", "shop", "limits");
  static final Namespace APPROVED = Namespace.of("prod", "shop", "approved");
  static final Namespace LARGE = Namespace.of("prod", "shop", "large");

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Change ANA = Change.by("ana");

  /** Clients that change what applications only use. */
  record Staff(ZkClient admin, ZkClient editor, ZkClient publisher, ZkClient operator) {}

  private final ZkClient one;
  private final ZkClient two;
  private final Staff staff;
  private final Path folder;
  private final CountDownLatch over = new CountDownLatch(1);
  private final List<AutoCloseable> open = new ArrayList<>();

  private Everything(ZkClient one, ZkClient two, Staff staff, Path folder) {
    this.one = one;
    this.two = two;
    this.staff = staff;
    this.folder = folder;
  }

  /**
   * Uses all modules.
   *
   * @param folder for a file of keys
   */
  static Everything by(ZkClient one, ZkClient two, Path folder) throws Exception {
    return by(one, two, new Staff(one, one, one, one), folder);
  }

  /**
   * Uses all modules; the two clients only do what applications do.
   *
   * @param folder for a file of keys
   */
  static Everything by(ZkClient one, ZkClient two, Staff staff, Path folder) throws Exception {
    Everything all = new Everything(one, two, staff, folder);
    try {
      all.locks();
      all.states();
      all.election();
      all.services();
      all.configuration();
      all.jobs();
      all.ids();
      all.groups();
      return all;
    } catch (Exception | Error e) {
      all.close();
      throw e;
    }
  }

  @Override
  public void close() throws Exception {
    over.countDown();
    Collections.reverse(open);
    for (AutoCloseable each : open) {
      each.close();
    }
    open.clear();
  }

  private void locks() throws Exception {
    keep(DistributedLock.named("alone/nested", one).acquire(LONG));
    CompletableFuture<Lease> waiting =
        DistributedLock.named("alone/nested", two).acquireAsync();
    keep(() -> waiting.cancel(true));
    keep(DistributedReadWriteLock.named("rw", one).readLock().acquire(LONG));
    keep(DistributedReadWriteLock.named("rw", two).readLock().acquire(LONG));
    keep(DistributedLock.several(one)
        .exclusive("several-a")
        .shared("several-b")
        .permits("several-c", 1, 2)
        .build()
        .acquire(LONG));
    keep(StripedLock.named("striped", 8, two).lockFor("key").acquire(LONG));
    keep(NumberedLeases.named("numbers", 4, one).acquire(LONG));
    String theirs = one.root() + "/theirs";
    try (Lease lease = DistributedLock.named("fence", staff.admin()).acquire(LONG)) {
      lease.fenced().create(theirs, new byte[0]).commit().join();
    }
    Lease lease = DistributedLock.named("fence", one).acquire(LONG);
    keep(lease);
    lease.fenced().create(theirs + "/by-fence", new byte[] {1}).commit().join();
  }

  private void states() throws Exception {
    keep(DistributedSemaphore.named("permits", 3, one).acquire(2, LONG));
    keep(DistributedLock.builder("robust", one).robust().build().acquire(LONG));
    StateCell.named("cell", one).update(LONG, value -> new byte[] {7});
    keep(StateCell.named("cell", two).acquire(LONG));
    DistributedCountDownLatch.named("latch/nested", 2, one).countDown().join();
    keep(DistributedDoubleBarrier.named("barrier", 1, two).enter(LONG));
  }

  private void election() throws Exception {
    CompletableFuture<Leadership> first = new CompletableFuture<>();
    CompletableFuture<Leadership> second = new CompletableFuture<>();
    keep(LeaderElection.named("leader", one).join("one", first::complete));
    Leadership led = first.get(30, TimeUnit.SECONDS);
    keep(LeaderElection.named("leader", two).join("two", second::complete));
    await().atMost(LONG).until(() -> transferred(led));
    second.get(30, TimeUnit.SECONDS);
  }

  /** Transfers the leadership and returns whether that succeeded; the other candidate may not be in the queue yet. */
  private static boolean transferred(Leadership led) {
    try {
      led.transferTo("two", LONG).join();
      return true;
    } catch (RuntimeException e) {
      return !led.isValid();
    }
  }

  private void services() throws Exception {
    ServiceRegistry registry = ServiceRegistry.in(one);
    HealthOptions health =
        HealthOptions.NONE.withLoad(() -> 0.25).withHeartbeat(Duration.ofMillis(200));
    ServiceInstance instance = ServiceInstance.at("shop", "10.0.0.7", 8080).withId("i1");
    keep(registry
        .register(instance.withZone("a").withMetadata("k", "v"), health)
        .awaitRegistered(LONG));
    ServiceRegistry.in(staff.operator())
        .policy("shop")
        .change(said -> said.with("i1", InstanceRule.by("ana").withWeight(5)));
    ServiceView view = ServiceRegistry.builder(two).announcePresence().build().discover("shop");
    keep(view);
    await().atMost(LONG).until(() -> view.awaitReady(LONG).current().size() == 1);
    await().atMost(LONG).until(() -> registry.consumers("shop").size() == 1);
  }

  /** A value that processes share. */
  record Limit(int perSecond) {}

  private void ids() throws Exception {
    Sequence.named("invoice", one).timeout(LONG).createFrom(1).next();
    Segments.named("order-no", two).timeout(LONG).createFrom(1, 10).next();
    Snowflake ids = Snowflake.named("rows", one)
        .layout(IdLayout.of(41, 2, 12))
        .timeout(LONG)
        .build();
    keep(ids);
    ids.next();
    Counter.named("hits", one).timeout(LONG).increment();
    SharedValue.named("limits", Limit.class, two).timeout(LONG).set(new Limit(5));
    IdInspector.in(staff.operator()).timeout(LONG).createSequence("credit-note", 1);
    IdInspector.in(staff.operator()).timeout(LONG).raise("invoice", 100);
    Sequence.named("invoice", two).timeout(LONG).next();
  }

  private void groups() throws Exception {
    for (ZkClient each : List.of(one, two)) {
      Membership member = Group.named("workers", each).join(Member.id("w" + open.size()));
      keep(member);
      Ownership owned = member.own(
          Partitions.of(4), partition -> over.await(), Handover.drain(Duration.ofSeconds(1)));
      await()
          .atMost(LONG)
          .until(() -> owned.partitions().stream()
              .anyMatch(status -> status.state() == PartitionState.OWNED));
    }
  }

  private void configuration() throws Exception {
    String key = Base64.getEncoder().encodeToString(new byte[32]);
    Path file = Files.writeString(folder.resolve("keys"), "m1=" + key + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    KeyProvider keys = KeyProvider.inFile(file);
    ConfigStore store = store(staff.publisher(), keys, "c1");
    store.create(LIMITS, ANA);
    store.setPolicy(LIMITS, Policy.standard().withSecrets("db.*"), ANA);
    for (int most = 1; most <= 3; most++) {
      store.publish(LIMITS, limits(most), ANA);
    }
    store.rollback(LIMITS, ANA);
    store.pin(LIMITS, 1, ANA);
    Drafts drafts = store(staff.editor(), keys, "c3").drafts(LIMITS);
    drafts.save(drafts.open("later").withContent(limits(9)), ANA);
    store.gray(LIMITS, limits(10), Audience.percent(10), ANA);
    store.publish(APPROVED, limits(1), ANA);
    Policy approved = Policy.standard().withApprovals(1).withAdvisoryApprovals(true);
    store.setPolicy(APPROVED, approved, ANA);
    store.drafts(APPROVED).submit(requestToDelete(store));
    byte[] random = new byte[900_000];
    new Random(1).nextBytes(random);
    store.publish(LARGE, Content.text(Base64.getEncoder().encodeToString(random)), ANA);
    keep(store(two, keys, "c2").follow(LIMITS).awaitReady(LONG));
    await().atMost(LONG).until(() -> !store.instances(LIMITS).isEmpty());
  }

  private static Drafts.ApprovalRequest requestToDelete(ConfigStore store)
      throws InterruptedException {
    try {
      store.delete(APPROVED, ANA);
      throw new AssertionError("deleted without approval");
    } catch (ConfigRefusedException e) {
      return e.request().orElseThrow();
    }
  }

  private static ConfigStore store(ZkClient client, KeyProvider keys, String instance) {
    return ConfigStore.builder(client)
        .keys(keys)
        .instance(Instance.named(instance))
        .build();
  }

  private static Content limits(int most) {
    return Content.properties("max=" + most + "\ndb.password=s3cret\n");
  }

  private void jobs() throws Exception {
    JobScheduler node = JobScheduler.builder(one)
        .label("n1")
        .patience(Duration.ofSeconds(5))
        .history(HistorySink.none())
        .start();
    keep(node);
    AtomicInteger begun = new AtomicInteger();
    JobHandler slow = run -> {
      run.checkpoint(new byte[] {1, 2, 3});
      begun.incrementAndGet();
      over.await();
    };
    for (Job job : List.of(
        Job.named("alone").exclusive(),
        Job.named("parts").sharded(2),
        Job.named("often").overlap(Overlap.ALLOW))) {
      node.handle(job.name(), slow);
      node.define(job);
      node.trigger(job.name());
    }
    AtomicInteger ticks = new AtomicInteger();
    node.handle("tick", run -> ticks.incrementAndGet());
    node.define(Job.named("tick").on(Schedule.every(Duration.ofMillis(500))));
    node.define(Job.named("unhandled"));
    node.trigger("unhandled", "t1", Map.of("a", "b"));
    JobLedger.in(staff.operator()).pause("unhandled", "later");
    assertThat(SlotClaims.in(two)
            .tryClaim("outside", Slot.at(Instant.ofEpochMilli(1_700_000_000_000L))))
        .isPresent();
    await().atMost(LONG).until(() -> begun.get() >= 4 && ticks.get() >= 2);
  }

  private void keep(AutoCloseable held) {
    open.add(held);
  }
}
