package io.zookit.core.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.AccessControl;
import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.Role;
import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.audit.AuditedChange;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Sessioned;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Audit entries: their transactions, their chain, and what happens when it is broken, full, old or forbidden. */
@Timeout(300)
class AuditIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Identity ADMIN = Identity.digest("admin", "admin-secret");
  private static final Identity APP = Identity.digest("app", "app-secret");

  private final String root = zooKeeper.freshRoot();
  private final ShiftedDays time = new ShiftedDays();
  private final List<AutoCloseable> open = new ArrayList<>();

  /** The clock of this machine, some days ahead. */
  private static final class ShiftedDays implements Timekeeper {

    private final Timekeeper system = Timekeeper.system();
    private volatile Duration ahead = Duration.ZERO;

    LocalDate today() {
      return now().atZone(ZoneOffset.UTC).toLocalDate();
    }

    @Override
    public Instant now() {
      return system.now().plus(ahead);
    }

    @Override
    public long nanos() {
      return system.nanos();
    }

    @Override
    public Subscription after(Duration delay, Runnable task) {
      return system.after(delay, task);
    }
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void commit_ofAChange_writesItsEntryInTheSameTransaction() throws Exception {
    ZkClient client = client();
    AuditLog audit = AuditLog.in(client);
    audit.signAs("ana");

    assertThat(commit(client, change("a"), create("a")).isOk()).isTrue();
    assertThat(commit(client, change("b").with("more"), create("b")).isOk()).isTrue();
    assertThat(commit(client, change("a"), create("a")).code()).isEqualTo(Code.NODEEXISTS);

    List<AuditEntry> entries = audit.newest(10);
    assertThat(entries).extracting(AuditEntry::target).containsExactly("b", "a");
    assertThat(entries).extracting(AuditEntry::number).containsExactly(2, 1);
    AuditEntry newest = entries.get(0);
    assertThat(newest.action()).isEqualTo("test.create");
    assertThat(newest.by()).isEqualTo("ana");
    assertThat(newest.detail()).isEqualTo("more");
    assertThat(newest.day()).isEqualTo(time.today());
    assertThat(newest.problem()).isEmpty();
    AuditVerification verified = audit.verify();
    assertThat(verified.isIntact()).as(verified.toString()).isTrue();
    assertThat(verified.entries()).isEqualTo(2);
    assertThat(verified.newest()).isEqualTo(newest.hash());
    List<String> read = new ArrayList<>();
    audit.read(time.today(), time.today(), entry -> read.add(entry.target()));
    assertThat(read).containsExactly("a", "b");
    ZooKeeper plain = Sessioned.of(client).zooKeeper();
    assertThat(plain.exists(entry(2), false).getCzxid())
        .isEqualTo(plain.exists(node("b"), false).getCzxid());
  }

  @Test
  void verify_ofAChainThatWasEdited_findsIt() throws Exception {
    ZkClient client = client();
    for (int i = 1; i <= 5; i++) {
      assertThat(commit(client, change("n" + i), create("n" + i)).isOk()).isTrue();
    }
    AuditLog audit = AuditLog.in(client);
    ZooKeeper plain = Sessioned.of(client).zooKeeper();
    byte[] third = plain.getData(entry(3), false, null);
    byte[] edited = new String(third, StandardCharsets.UTF_8)
        .replace("\"n3\"", "\"n9\"")
        .getBytes(StandardCharsets.UTF_8);

    plain.setData(entry(3), edited, -1);
    assertThat(problems(audit))
        .containsExactly("entry 4: the entry before was changed, or is missing");
    plain.setData(entry(3), new byte[] {1}, -1);
    assertThat(problems(audit)).first().asString().startsWith("entry 3: damaged");
    plain.setData(entry(3), third, -1);
    assertThat(problems(audit)).isEmpty();

    byte[] fifth = plain.getData(entry(5), false, null);
    plain.setData(entry(5), edited, -1);
    assertThat(problems(audit))
        .containsExactly(
            "entry 5: the entry before was changed, or is missing",
            "its node names another last entry than entry 5");
    plain.setData(entry(5), fifth, -1);
    plain.delete(entry(2), -1);
    assertThat(problems(audit)).contains("entry 2 is missing");
    plain.delete(entry(5), -1);
    assertThat(problems(audit)).contains("entry 5 is missing");
    assertThat(audit.newest(10)).hasSize(3);
  }

  @Test
  @Tag("full")
  void commit_ofEightWritersAtATime_leavesOneChainWithEveryChangeOnce() throws Exception {
    List<CompletableFuture<Answer<List<OpResult>>>> answers = new ArrayList<>();
    Set<String> made = new HashSet<>();
    for (int writer = 0; writer < 8; writer++) {
      CoreClient core = CoreClient.of(client());
      for (int i = 0; i < 15; i++) {
        String name = "w" + writer + "-" + i;
        made.add(name);
        answers.add(send(core, change(name), create(name)));
      }
    }
    for (CompletableFuture<Answer<List<OpResult>>> answer : answers) {
      assertThat(answer.get(LONG.toSeconds(), TimeUnit.SECONDS).code()).isEqualTo(Code.OK);
    }

    AuditLog audit = AuditLog.in(client());
    List<AuditEntry> entries = audit.newest(1000);
    assertThat(entries).extracting(AuditEntry::target).containsExactlyInAnyOrderElementsOf(made);
    assertThat(audit.verify().problems()).isEmpty();
  }

  @Test
  void commit_whoseAnswerIsLost_hasExactlyOneEntry() throws Exception {
    FaultProxy proxy = keep(FaultProxy.to(zooKeeper.server()));
    ZkClient client = client(proxy.connectString());
    assertThat(commit(client, change("a"), create("a")).isOk()).isTrue();
    proxy.cutAfter(io.zookit.testkit.Op.MULTI, 1);

    Answer<List<OpResult>> lost = commit(client, change("b"), create("b"));

    assertThat(lost.isAnswered()).isFalse();
    AuditLog audit = AuditLog.in(client());
    await().atMost(LONG).untilAsserted(() -> assertThat(audit.newest(10)).hasSize(2));
    assertThat(audit.newest(10)).extracting(AuditEntry::target).containsExactly("b", "a");
    await().atMost(LONG).until(() -> CoreClient.of(client).handle().isPresent());
    client.awaitConnected(LONG);
    assertThat(commit(client, change("c"), create("c")).isOk()).isTrue();
    assertThat(audit.newest(10)).extracting(AuditEntry::target).containsExactly("c", "b", "a");
    assertThat(audit.verify().problems()).isEmpty();
  }

  @Test
  void commit_onTheNextDay_goesOnFromTheDayBefore() throws Exception {
    ZkClient client = client();
    LocalDate first = time.today();
    assertThat(commit(client, change("a"), create("a")).isOk()).isTrue();
    time.ahead = Duration.ofDays(1);
    assertThat(commit(client, change("b"), create("b")).isOk()).isTrue();
    assertThat(commit(client, change("c"), create("c")).isOk()).isTrue();

    AuditLog audit = AuditLog.in(client);
    assertThat(audit.days()).containsExactly(first, first.plusDays(1));
    assertThat(audit.newest(10)).extracting(AuditEntry::number).containsExactly(2, 1, 1);
    assertThat(audit.verify().problems()).isEmpty();
    ZooKeeper plain = Sessioned.of(client).zooKeeper();
    String old = root + "/audit/" + first.toString().replace("-", "");
    plain.delete(old + "/0000000001", -1);
    plain.setData(
        old, "{\"v\":1,\"r\":1,\"count\":0,\"hash\":\"\"}".getBytes(StandardCharsets.UTF_8), -1);
    assertThat(audit.verify().problems())
        .singleElement()
        .asString()
        .contains("goes on from entry 1 of", "which is gone or was changed");
  }

  @Test
  void removeExpired_removesDaysThatAreOlderThanThreeMonths() throws Exception {
    ZkClient client = client();
    LocalDate first = time.today();
    AuditLog audit = AuditLog.in(client);
    assertThat(commit(client, change("a"), create("a")).isOk()).isTrue();
    time.ahead = Duration.ofDays(90);
    assertThat(commit(client, change("b"), create("b")).isOk()).isTrue();
    assertThat(audit.removeExpired()).isEmpty();
    time.ahead = Duration.ofDays(91);
    assertThat(commit(client, change("c"), create("c")).isOk()).isTrue();

    assertThat(audit.removeExpired()).containsExactly(first);

    assertThat(audit.days()).containsExactly(first.plusDays(90), first.plusDays(91));
    assertThat(audit.newest(10)).extracting(AuditEntry::target).containsExactly("c", "b");
    assertThat(audit.verify().problems()).isEmpty();
  }

  @Test
  void commit_onADayThatIsFull_isMadeWithoutAnEntryAndCounted() throws Exception {
    ZkClient client = client();
    assertThat(commit(client, change("a"), create("a")).isOk()).isTrue();
    fill(8_999);
    assertThat(commit(client(), change("b").byPrograms(), create("b")).isOk()).isTrue();
    ZkClient other = client();
    assertThat(commit(other, change("c").byPrograms(), create("c")).isOk()).isTrue();
    assertThat(commit(other, change("d"), create("d")).isOk()).isTrue();

    AuditLog audit = AuditLog.in(client);
    assertThat(audit.newest(2)).extracting(AuditEntry::target).containsExactly("d", "b");
    assertThat(audit.newest(2)).extracting(AuditEntry::number).containsExactly(9_001, 9_000);
    fill(10_000);
    assertThat(commit(client(), change("e"), create("e")).isOk()).isTrue();
    assertThat(audit.newest(1)).extracting(AuditEntry::target).containsExactly("d");
    assertThat(audit.verify().omitted()).isEqualTo(2);
    assertThat(Sessioned.of(client).zooKeeper().exists(node("e"), false)).isNotNull();
  }

  @Test
  void commit_underARootOfAnEarlierVersion_isMadeWithoutAnEntryUntilAnAdminMakesOne()
      throws Exception {
    ZkClient admin = clientOf("admin");
    ZooKeeper plain = Sessioned.of(admin).zooKeeper();
    AccessControl.in(admin).init(AccessPolicy.sharedBy(ADMIN).withRole(Role.APPLICATION, APP));
    AuditLog audit = AuditLog.in(admin);
    assertThat(audit.newest(10)).extracting(AuditEntry::action).containsExactly("access.init");
    assertThat(audit.newest(1).get(0).identities()).containsExactly("digest:admin");
    plain.delete(entry(1), -1);
    plain.delete(day(), -1);
    plain.delete(root + "/audit", -1);
    ZkClient app = clientOf("app");

    assertThat(commit(app, change("a"), create("locks/a")).isOk()).isTrue();

    assertThat(audit.newest(10)).isEmpty();
    AccessControl.in(admin).grant(Role.VIEWER, Identity.digest("ben", "ben-secret"));
    assertThat(commit(app, change("b"), create("locks/b")).isOk()).isTrue();
    assertThat(audit.newest(10))
        .extracting(AuditEntry::action)
        .containsExactly("test.create", "access.change");
    assertThat(audit.newest(2).get(1).detail()).isEqualTo("+viewer digest:ben");
    assertThat(audit.newest(1).get(0).identities()).containsExactly("digest:app");
    assertThat(audit.verify().problems()).isEmpty();
  }

  @Test
  void commit_byAClientThatMayNotWriteTheAudit_isRefused() throws Exception {
    ZkClient admin = clientOf("admin");
    AccessControl.in(admin).init(AccessPolicy.sharedBy(ADMIN).withRole(Role.APPLICATION, APP));
    ZooKeeper plain = Sessioned.of(admin).zooKeeper();
    List<ACL> adminsAndReaders = new ArrayList<>();
    adminsAndReaders.add(new ACL(Perms.ALL, new Id("digest", ADMIN.id())));
    adminsAndReaders.add(new ACL(Perms.READ, Ids.ANYONE_ID_UNSAFE));
    plain.setACL(day(), adminsAndReaders, -1);

    Answer<List<OpResult>> refused = commit(clientOf("app"), change("a"), create("locks/a"));

    assertThat(refused.code()).isEqualTo(Code.NOAUTH);
    assertThat(plain.exists(root + "/locks/a", false)).isNull();
    assertThat(AuditLog.in(admin).newest(10)).hasSize(1);
  }

  /** The problems of the one day, without its name. */
  private static List<String> problems(AuditLog audit) throws InterruptedException {
    return audit.verify().problems().stream()
        .map(each -> each.replaceFirst("\\d{8}: ", ""))
        .toList();
  }

  /** Makes the day of today one with that many entries. */
  private void fill(int count) throws Exception {
    ZooKeeper plain = Sessioned.of(client()).zooKeeper();
    String data = new String(plain.getData(day(), false, null), StandardCharsets.UTF_8);
    plain.setData(
        day(),
        data.replaceFirst("\"count\":\\d+", "\"count\":" + count).getBytes(StandardCharsets.UTF_8),
        -1);
  }

  private static AuditedChange change(String target) {
    return AuditedChange.of("test.create", target);
  }

  private Op create(String name) {
    return Op.create(node(name), new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
  }

  private String node(String name) {
    return root + "/" + name;
  }

  private String day() {
    return root + "/audit/" + time.today().toString().replace("-", "");
  }

  private String entry(int number) {
    return day() + "/" + String.format("%010d", number);
  }

  private static Answer<List<OpResult>> commit(ZkClient client, AuditedChange change, Op op)
      throws Exception {
    return send(CoreClient.of(client), change, op).get(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  private static CompletableFuture<Answer<List<OpResult>>> send(
      CoreClient core, AuditedChange change, Op op) {
    CompletableFuture<Answer<List<OpResult>>> answer = new CompletableFuture<>();
    core.loop()
        .execute(() -> core.audit()
            .commit(
                core.handle().orElseThrow(),
                change,
                Collections.singletonList(op),
                answer::complete));
    return answer;
  }

  private ZkClient client() {
    return client(zooKeeper.connectString());
  }

  private ZkClient client(String connectString) {
    return keep(ZkClient.builder(connectString)
        .root(root)
        .timekeeper(time)
        .connectTimeout(LONG)
        .connect());
  }

  private ZkClient clientOf(String user) {
    return keep(ZkClient.builder(zooKeeper.connectString())
        .root(root)
        .timekeeper(time)
        .connectTimeout(LONG)
        .digest(user, user + "-secret")
        .connect());
  }

  private <T extends AutoCloseable> T keep(T each) {
    open.add(0, each);
    return each;
  }
}
