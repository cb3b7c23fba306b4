package io.zookit.samples.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.Rollout;
import io.zookit.config.gray.Audience;
import io.zookit.config.gray.Instance;
import io.zookit.config.secret.KeyProvider;
import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.DistributedReadWriteLock;
import io.zookit.lock.DistributedSemaphore;
import io.zookit.lock.StateCell;
import io.zookit.lock.StripedLock;
import io.zookit.lock.barrier.DistributedCountDownLatch;
import io.zookit.lock.barrier.DistributedDoubleBarrier;
import io.zookit.lock.election.LeaderElection;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.scheduler.HistorySink;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobScheduler;
import io.zookit.scheduler.SlotClaims;
import io.zookit.scheduler.time.Slot;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Random names at every public entry that takes one: taken when they fit the rule, else refused before any request. */
@Timeout(600)
@Tag("full")
class NamesIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final long SEED = Long.getLong("zookit.seed", 20261121L);
  private static final int LONGEST_MESSAGE =
      1_500; // 150 characters, each as an escape, and the rule
  private static final Change ANA = Change.by("ana");
  private static final Namespace NS = Namespace.of("prod", "shop", "limits");
  private static final Slot SLOT = Slot.at(Instant.ofEpochMilli(1_700_000_000_000L));
  private static final Instant THEN = Instant.ofEpochMilli(0);

  @TempDir
  Path folder = Path.of("");

  private final Map<String, Entry> single = new LinkedHashMap<>();
  private final Map<String, Entry> nested = new LinkedHashMap<>();

  /** These send a request when the name is good, so they are only given others. */
  private final Map<String, Entry> singleActing = new LinkedHashMap<>();

  private final Map<String, Entry> nestedActing = new LinkedHashMap<>();
  private int taken;
  private int refused;

  private interface Entry {
    Object take(String name) throws Exception;
  }

  /** Returns the number of names to try. */
  int names() {
    return 1_000;
  }

  @Test
  void names_random_areTakenOrRefusedBeforeAnyRequest() throws Exception {
    System.out.println("seed " + SEED + ", " + names() + " names");
    try (FaultProxy proxy = FaultProxy.to(zooKeeper.server());
        ZkClient client = ZkClient.builder(proxy.connectString())
            .connectTimeout(Duration.ofMinutes(1))
            .root(zooKeeper.freshRoot())
            .sessionTimeout(Duration.ofMinutes(5))
            .connect();
        ZkClient other = ZkClient.connect(zooKeeper.connectString()); // a node asks by itself
        JobScheduler node =
            JobScheduler.builder(other).label("n1").history(HistorySink.none()).start()) {
      locks(client);
      services(client);
      configuration(client);
      jobs(node, client);
      ConfigStore.in(client).create(NS, ANA);
      await().until(() -> node.nodes().size() == 1);
      List<ZkNode> before = zooKeeper.server().nodes();
      PacketCounts counts = proxy.counts();
      RandomNames names = new RandomNames(SEED);
      for (int i = 0; i < names(); i++) {
        tryEverywhere(names.next());
      }
      requireNoRequest(proxy.counts().minus(counts));
      assertThat(zooKeeper.server().nodes()).containsExactlyElementsOf(before);
    }
    int entries = single.size() + nested.size() + singleActing.size() + nestedActing.size();
    System.out.println(entries + " entries, " + taken + " taken, " + refused + " refused");
    assertThat(entries).isGreaterThan(50);
    assertThat(taken).isGreaterThan(names());
    assertThat(refused).isGreaterThan(20 * names());
  }

  private void tryEverywhere(String name) {
    boolean good = RandomNames.isGood(name);
    boolean goodNested = RandomNames.isGoodNested(name);
    single.forEach((entry, call) -> require(entry, call, name, good));
    nested.forEach((entry, call) -> require(entry, call, name, goodNested));
    if (!good) {
      singleActing.forEach((entry, call) -> require(entry, call, name, false));
    }
    if (!goodNested) {
      nestedActing.forEach((entry, call) -> require(entry, call, name, false));
    }
    Predicate<String> root =
        path -> RandomNames.areGood(path) && !path.split("/", -1)[0].equals("zookeeper");
    require(
        "root", path -> ZkClient.builder("127.0.0.1:1").root("/" + path), name, root.test(name));
  }

  private void require(String entry, Entry call, String name, boolean good) {
    Throwable answer = catchThrowable(() -> call.take(name));
    if (good) {
      assertThat(answer).as("seed %d, %s of \"%s\"", SEED, entry, name).isNull();
      taken++;
      return;
    }
    assertThat(answer)
        .as("seed %d, %s of \"%s\"", SEED, entry, name)
        .isInstanceOf(IllegalArgumentException.class);
    String message = String.valueOf(answer.getMessage());
    assertThat(message.length())
        .as("seed %d, %s: %s", SEED, entry, message)
        .isLessThan(LONGEST_MESSAGE);
    assertThat(message.chars().allMatch(c -> c >= ' ' && c <= '~'))
        .as("seed %d, %s: %s", SEED, entry, message)
        .isTrue();
    assertThat(message).contains("expected:");
    refused++;
  }

  /** Requires that no request was sent, except the heartbeats of the client, which check the existence of a node. */
  private static void requireNoRequest(PacketCounts counts) {
    System.out.println(counts);
    assertThat(counts.total()).isEqualTo(counts.requests(Op.EXISTS)).isLessThan(20);
  }

  private void locks(ZkClient client) {
    nested.put("lock", name -> DistributedLock.named(name, client));
    nested.put("lock builder", name -> DistributedLock.builder(name, client).build());
    nested.put(
        "exclusive", name -> DistributedLock.several(client).exclusive(name).build());
    nested.put("shared", name -> DistributedLock.several(client).shared(name).build());
    nested.put(
        "permits", name -> DistributedLock.several(client).permits(name, 1, 2).build());
    nested.put("read-write", name -> DistributedReadWriteLock.named(name, client));
    nested.put("semaphore", name -> DistributedSemaphore.named(name, 3, client));
    nested.put("cell", name -> StateCell.named(name, client));
    nested.put("election", name -> LeaderElection.named(name, client));
    nested.put("latch", name -> DistributedCountDownLatch.named(name, 1, client));
    nested.put("barrier", name -> DistributedDoubleBarrier.named(name, 1, client));
    nestedActing.put("striped", name -> StripedLock.named(name, 8, client)); // adds to the name
    LockInspector inspector = LockInspector.in(client);
    nestedActing.put("show", inspector::show);
    nestedActing.put("show all", name -> inspector.showAll(List.of(name)));
    nestedActing.put("watch", inspector::watch);
    nestedActing.put("revoke", name -> inspector.revoke(name, "reason"));
    nestedActing.put("break", name -> inspector.breakLock(name));
    LeaderElection election = LeaderElection.named("e", client);
    singleActing.put("candidate", name -> election.join(name, led -> {}));
  }

  private void services(ZkClient client) {
    ServiceInstance instance = ServiceInstance.at("shop", "10.0.0.7", 8080);
    single.put("service", name -> ServiceInstance.at(name, "10.0.0.7", 8080));
    single.put("id", instance::withId);
    single.put("zone", instance::withZone);
    single.put("port", name -> instance.withPort(name, 1));
    ServiceRegistry registry = ServiceRegistry.in(client);
    single.put("policy", registry::policy);
    singleActing.put("discover", registry::discover);
    singleActing.put("consumers", registry::consumers);
  }

  private void configuration(ZkClient client) throws Exception {
    single.put("env", name -> Namespace.of(name, "a", "b"));
    single.put("app", name -> Namespace.of("a", name, "b"));
    single.put("namespace", name -> Namespace.of("a", "b", name));
    single.put("parsed", name -> Namespace.parse("a/b/" + name));
    single.put("instance", Instance::named);
    String key = Base64.getEncoder().encodeToString(new byte[32]);
    Path file = Files.writeString(folder.resolve("keys"), "m1=" + key + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    KeyProvider keys = KeyProvider.inFile(file);
    ConfigStore store = ConfigStore.builder(client).keys(keys).build();
    Content content = Content.properties("a=1");
    Rollout plan = Rollout.of(Audience.percent(1));
    singleActing.put("gray", name -> store.gray(NS, name, content, plan, ANA));
    singleActing.put("draft", name -> store.drafts(NS).open(name));
    singleActing.put("draft found", name -> store.drafts(NS).find(name));
    singleActing.put("keys", name -> store.maintenance().keys(name));
    singleActing.put("new key", name -> store.maintenance().newDataKey(name));
    singleActing.put("blobs", name -> store.maintenance().removableBlobs(name));
    singleActing.put("collected blobs", name -> store.maintenance().collectBlobs(name));
    singleActing.put("rotated keys", name -> store.maintenance().rotateKeys(name));
  }

  private void jobs(JobScheduler node, ZkClient client) {
    single.put("job", Job::named);
    single.put("after", name -> Job.named("j").after(name));
    single.put("handler", name -> Job.named("j").handledBy(name));
    single.put("label", name -> JobScheduler.builder(client).label(name));
    singleActing.put("handle", name -> node.handle(name, run -> {}));
    JobLedger ledger = JobLedger.in(client);
    singleActing.put("find", ledger::find);
    singleActing.put("delete", ledger::delete);
    singleActing.put("cancel", ledger::cancel);
    singleActing.put("history", ledger::history);
    singleActing.put("next", name -> ledger.next(name, 1));
    singleActing.put("backfill", name -> ledger.backfill(name, THEN, THEN));
    singleActing.put("verify", name -> ledger.verify(name, THEN, THEN));
    singleActing.put("trigger of", name -> ledger.trigger(name, "t", Map.of()));
    singleActing.put("trigger", name -> ledger.trigger("j", name, Map.of()));
    singleActing.put("pause", name -> {
      ledger.pause(name, "reason");
      return name;
    });
    singleActing.put("resume", name -> {
      ledger.resume(name);
      return name;
    });
    singleActing.put("claim", name -> SlotClaims.in(client).tryClaim(name, SLOT));
  }
}
