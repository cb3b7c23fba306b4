package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkClientBuilder;
import io.zookit.scheduler.JobLedger.Listing;
import io.zookit.scheduler.time.Schedule;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The overview of all jobs: what it shows, and what it costs. */
@Timeout(300)
@Tag("full")
class JobOverviewIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration LONG = Duration.ofMinutes(1);

  private final List<AutoCloseable> open = new ArrayList<>();
  private String root = "";
  private JobLedger ledger;

  @BeforeEach
  void open() {
    root = zooKeeper.freshRoot();
    ledger = JobLedger.in(client(zooKeeper.connectString()));
  }

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private ZkClientBuilder builder(String address) {
    return ZkClient.builder(address).connectTimeout(LONG).root(root);
  }

  private ZkClient client(String address) {
    return keep(builder(address).connect());
  }

  private <T extends AutoCloseable> T keep(T resource) {
    open.add(resource);
    return resource;
  }

  private JobScheduler node(ZkClient client) {
    return keep(JobScheduler.builder(client)
        .history(HistorySink.none())
        .patience(Duration.ofMillis(200))
        .start());
  }

  private static void awaitShown(LiveValue<Listing> overview, Predicate<Listing> shown) {
    await().atMost(LONG).until(() -> overview.latest().filter(shown).isPresent());
  }

  private static boolean hasJobs(Listing listing, String... names) {
    return listing.jobs().stream().map(view -> view.job().name()).toList().equals(List.of(names));
  }

  @Test
  void overview_definitionsRunsAndPauses_followsEveryChange() throws Exception {
    LiveValue<Listing> overview =
        keep(JobLedger.in(client(zooKeeper.connectString())).overview().awaitReady(LONG));
    assertThat(overview.current().jobs()).isEmpty();
    JobScheduler node = node(client(zooKeeper.connectString()));
    node.handle("a", run -> {});

    ledger.define(Job.named("a"));
    awaitShown(overview, listing -> hasJobs(listing, "a"));
    ledger.define(Job.named("b"));
    awaitShown(overview, listing -> hasJobs(listing, "a", "b"));
    ledger.trigger("a", "t1", Map.of());
    awaitShown(overview, listing -> listing.jobs().get(0).last().isPresent());
    ledger.pause("b", "closed");
    awaitShown(overview, listing -> "closed".equals(listing.jobs().get(1).paused()));
    ledger.replace(Job.named("b").broadcast());
    awaitShown(overview, listing -> listing.jobs().get(1).job().mode() == JobMode.BROADCAST);
    ledger.delete("b");
    awaitShown(overview, listing -> hasJobs(listing, "a"));
    assertThat(overview.current()).isEqualTo(ledger.listing());
  }

  @Test
  @Tag("full")
  void overview_inAClientThatRunsANode_followsEveryChange() throws Exception {
    ZkClient client = client(zooKeeper.connectString());
    LiveValue<Listing> before = keep(JobLedger.in(client).overview().awaitReady(LONG));
    JobScheduler node = node(client);
    LiveValue<Listing> after = keep(node.overview().awaitReady(LONG));

    ledger.define(Job.named("a"));

    awaitShown(before, listing -> hasJobs(listing, "a"));
    awaitShown(after, listing -> hasJobs(listing, "a"));
    node.handle("a", run -> {});
    ledger.trigger("a", "t1", Map.of());
    awaitShown(after, listing -> listing.jobs().get(0).last().isPresent());
  }

  @Test
  void overview_slotsThatRunAndAreSkipped_showsTheirOutcomes() throws Exception {
    LiveValue<Listing> overview =
        keep(JobLedger.in(client(zooKeeper.connectString())).overview().awaitReady(LONG));
    JobScheduler node = node(client(zooKeeper.connectString()));
    node.handle("tick", run -> {});
    ledger.define(Job.named("tick").on(Schedule.every(Duration.ofMillis(500))));

    awaitShown(overview, listing -> hasRecent(listing, "RAN"));
    ledger.pause("tick", "closed");
    Instant begin = Instant.now();
    await().atMost(LONG).until(() -> Instant.now().isAfter(begin.plusSeconds(1)));
    ledger.resume("tick");
    awaitShown(overview, listing -> hasRecent(listing, "SKIPPED(PAUSED)"));
    ledger.pause("tick", "seen");

    List<SlotReport> slots = ledger.slots("tick", 1000);
    assertThat(slots)
        .isSortedAccordingTo(
            Comparator.comparing((SlotReport each) -> each.slot().instant()).reversed());
    assertThat(slots)
        .anySatisfy(each -> assertThat(each.outcome()).contains(SlotOutcome.RAN))
        .anySatisfy(each -> {
          assertThat(each.reason()).contains(SkipReason.PAUSED);
          assertThat(each.run()).isEmpty();
        });
    assertThat(ledger.find("tick").orElseThrow().recentSlots()).hasSizeLessThanOrEqualTo(10);
  }

  private static boolean hasRecent(Listing listing, String outcome) {
    return listing.jobs().stream()
        .flatMap(view -> view.recentSlots().stream())
        .anyMatch(slot -> slot.toString().endsWith(" " + outcome));
  }

  @Test
  void overview_damagedJob_isShownByItsReason() throws Exception {
    ledger.define(Job.named("a"));
    ledger.define(Job.named("b"));
    LiveValue<Listing> overview =
        keep(JobLedger.in(client(zooKeeper.connectString())).overview().awaitReady(LONG));
    String path = zooKeeper.server().nodes(root).stream()
        .map(node -> node.path())
        .filter(each -> each.endsWith("/b/def"))
        .findFirst()
        .orElseThrow();
    try (ZooKeeper plain = new ZooKeeper(zooKeeper.connectString(), 20_000, event -> {})) {
      await().atMost(LONG).until(() -> plain.getState().isConnected());
      plain.setData(path, new byte[] {1, 2, 3}, -1);
    }

    awaitShown(overview, listing -> hasJobs(listing, "a"));
    assertThat(overview.current().unreadable()).containsOnlyKeys("b");
  }

  @Test
  @Tag("full")
  void overview_manyJobsAndLookers_costsRequestsForEach32JobsOnce() throws Exception {
    for (int i = 0; i < 100; i++) {
      ledger.define(Job.named(String.format("job-%03d", i)));
    }
    FaultProxy proxy = keep(FaultProxy.to(zooKeeper.server()));
    JobLedger console = JobLedger.in(client(proxy.connectString()));
    console.find("job-000");
    int watches = zooKeeper.server().watchCount();
    PacketCounts before = proxy.counts();
    List<LiveValue<Listing>> lookers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      lookers.add(console.overview());
    }
    for (LiveValue<Listing> looker : lookers) {
      assertThat(looker.awaitReady(LONG).current().jobs()).hasSize(100);
    }
    PacketCounts first = proxy.counts().minus(before);
    // The partitions; their jobs, by 128 partitions; the jobs, by 32.
    assertThat(first.requests(Op.ADD_WATCH)).as(first.toString()).isEqualTo(1);
    assertThat(first.requests(Op.GET_CHILDREN)).as(first.toString()).isEqualTo(1);
    assertThat(first.requests(Op.MULTI_READ)).as(first.toString()).isEqualTo(5);
    assertThat(first.total()).as(first.toString()).isLessThan(10);

    before = proxy.counts();
    ledger.pause("job-042", "closed");
    for (LiveValue<Listing> looker : lookers) {
      awaitShown(looker, listing -> listing.jobs().get(42).isPaused());
    }
    PacketCounts change = proxy.counts().minus(before);
    assertThat(change.requests(Op.MULTI_READ)).as(change.toString()).isEqualTo(1);

    assertThat(zooKeeper.server().watchCount()).isEqualTo(watches + 1);
    lookers.forEach(LiveValue::close);
    await().atMost(LONG).until(() -> zooKeeper.server().watchCount() == watches);
    assertThat(keep(console.overview().awaitReady(LONG)).current().jobs()).hasSize(100);
  }

  @Test
  @Tag("full")
  void overview_afterACutAndANewSession_isWhatIsStored() throws Exception {
    FaultProxy proxy = keep(FaultProxy.to(zooKeeper.server()));
    ZkClient console = keep(
        builder(proxy.connectString()).sessionTimeout(Duration.ofSeconds(4)).connect());
    LiveValue<Listing> overview = keep(JobLedger.in(console).overview());
    ledger.define(Job.named("a"));
    awaitShown(overview, listing -> hasJobs(listing, "a"));

    proxy.refuse();
    proxy.cut();
    await().atMost(LONG).until(() -> !overview.age().isZero());
    ledger.define(Job.named("b"));
    proxy.heal();
    awaitShown(overview, listing -> hasJobs(listing, "a", "b"));
    await().atMost(LONG).until(() -> overview.age().isZero());

    proxy.refuse();
    proxy.cut();
    ledger.delete("a");
    await().atMost(LONG).until(() -> overview.age().compareTo(Duration.ofSeconds(8)) > 0);
    proxy.heal();
    awaitShown(overview, listing -> hasJobs(listing, "b"));
    ledger.pause("b", "closed");
    awaitShown(overview, listing -> listing.jobs().get(0).isPaused());
  }

  @Test
  void overview_closedClient_isRefused() throws Exception {
    ZkClient console = client(zooKeeper.connectString());
    JobLedger jobs = JobLedger.in(console);
    LiveValue<Listing> value = jobs.overview().awaitReady(LONG);

    console.close();

    assertThat(value.current().jobs()).isEmpty();
    assertThatThrownBy(jobs::overview).isInstanceOf(IllegalStateException.class);
  }
}
