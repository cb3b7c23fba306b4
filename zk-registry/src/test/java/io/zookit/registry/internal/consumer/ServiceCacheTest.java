package io.zookit.registry.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.session.SessionHandle.Node;
import io.zookit.registry.InstanceStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.internal.selection.InstanceChange;
import io.zookit.registry.internal.selection.LiveNode;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.registry.internal.store.NodeRef;
import io.zookit.registry.internal.store.StoredInstance;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;

class ServiceCacheTest {

  private static final String BUCKET = "~b00";

  private final ServiceCache known = new ServiceCache("payments");

  @Test
  void commit_lifeOfAnInstance_hasItsCauses() {
    read("a", 1, 10, 10, at("a", 1));
    assertThat(commit()).containsExactly("a: null -> h:1 UP REGISTERED");
    read("a", 1, 10, 11, at("a", 1).withWeight(5));
    assertThat(commit()).containsExactly("a: h:1 UP -> h:1 UP UPDATED");
    read("a", 2, 12, 12, at("a", 2));
    assertThat(commit()).containsExactly("a: h:1 UP -> h:2 UP REPLACED");
    known.listed(BUCKET, Set.of(name("a", 2)));
    assertThat(commit()).isEmpty();
    read("a", 2, 12, 13, at("a", 2).withStatus(InstanceStatus.LEAVING));
    assertThat(commit()).containsExactly("a: h:2 UP -> h:2 LEAVING UPDATED");
    known.listed(BUCKET, Set.of());
    assertThat(commit()).containsExactly("a: h:2 LEAVING -> null LEFT");
    assertThat(known.buckets()).isEmpty();
  }

  @Test
  void commit_nodeGoneWithoutAGoodbye_hasVanished() {
    read("a", 1, 10, 10, at("a", 1));
    commit();
    known.listed(BUCKET, Set.of());
    assertThat(commit()).containsExactly("a: h:1 UP -> null VANISHED");
  }

  @Test
  void read_nodeMadeAnewWithTheSameVersion_isSeenByItsCzxid() {
    read("a", 1, 10, 10, at("a", 1));
    commit();
    read("a", 1, 20, 20, at("a", 2)); // the same name and version 0 again
    assertThat(commit()).containsExactly("a: h:1 UP -> h:2 UP REPLACED");
  }

  @Test
  void read_olderNodeOfTheSameId_doesNotCount() {
    read("a", 2, 20, 20, at("a", 2));
    read("a", 1, 10, 10, at("a", 1));
    assertThat(commit()).containsExactly("a: null -> h:2 UP REGISTERED");
    known.listed(BUCKET, Set.of(name("a", 1)));
    assertThat(commit()).containsExactly("a: h:2 UP -> h:1 UP REPLACED");
  }

  @Test
  void read_twoNodesOfOneTransaction_theSameCountsInEitherOrder() {
    read("a", 1, 10, 10, at("a", 1));
    read("a", 2, 10, 10, at("a", 2));
    assertThat(commit()).containsExactly("a: null -> h:2 UP REGISTERED");

    ServiceCacheTest other = new ServiceCacheTest();
    other.read("a", 2, 10, 10, at("a", 2));
    other.read("a", 1, 10, 10, at("a", 1));
    assertThat(other.commit()).containsExactly("a: null -> h:2 UP REGISTERED");
  }

  @Test
  void commit_twoLiveNodesWithOtherAddresses_isAConflictOnce() {
    read("a", 1, 10, 10, at("a", 1));
    read("a", 2, 20, 20, at("a", 2));
    assertThat(known.commit().conflicts())
        .containsExactly(new ServiceCache.IdConflict("a", "h:2", "h:1"));
    read("a", 2, 20, 21, at("a", 2).withWeight(1));
    assertThat(known.commit().conflicts()).isEmpty();
    read("a", 3, 30, 30, at("a", 3));
    assertThat(known.commit().conflicts()).hasSize(1);
  }

  @Test
  void commit_successorOfALeavingOrEqualInstance_isNoConflict() {
    read("a", 1, 10, 10, at("a", 1).withStatus(InstanceStatus.LEAVING));
    read("a", 2, 20, 20, at("a", 2));
    read("b", 1, 10, 10, at("b", 1));
    read("b", 2, 20, 20, at("b", 1));
    assertThat(known.commit().conflicts()).isEmpty();
  }

  @Test
  void read_badData_isSkippedAndToldOncePerChange() {
    readBytes("a", 1, 10, 10, "rubbish");
    readBytes("b", 1, 10, 10, "{\"v\":9,\"r\":9}");
    known.foreign(new NodeRef(BUCKET, "lock-0001"));
    ServiceCache.CacheUpdate commit = known.commit();
    assertThat(commit.changes()).isEmpty();
    assertThat(commit.skips()).hasSize(3);
    assertThat(commit.skips().get(1).reason()).isEqualTo("format 9, for readers of 9 and later");
    readBytes("a", 1, 10, 10, "rubbish");
    known.foreign(new NodeRef(BUCKET, "lock-0001"));
    assertThat(known.commit().skips()).isEmpty();
    readBytes("a", 1, 10, 11, "other rubbish");
    assertThat(known.commit().skips()).hasSize(1);
    read("a", 1, 10, 12, at("a", 1));
    assertThat(commit()).containsExactly("a: null -> h:1 UP REGISTERED");
  }

  @Test
  void read_dataThatCannotBeReadAnyMore_keepsTheLastInstance() {
    read("a", 1, 10, 10, at("a", 1));
    commit();
    readBytes("a", 1, 10, 11, "rubbish");
    ServiceCache.CacheUpdate commit = known.commit();
    assertThat(commit.changes()).isEmpty();
    assertThat(commit.skips()).hasSize(1);
    assertThat(known.live()).extracting(LiveNode::instance).containsExactly(at("a", 1));
    readBytes("a", 1, 20, 20, "rubbish of another node");
    assertThat(commit()).containsExactly("a: h:1 UP -> null VANISHED");
  }

  @Test
  void read_tooManyBytes_isSkippedAndMeasuredFromThenOn() {
    NodeRef ref = new NodeRef(BUCKET, name("a", 1));
    readBytes("a", 1, 10, 10, "x".repeat(5000));
    assertThat(known.isOversized(ref)).isTrue();
    assertThat(known.commit().skips().get(0).reason())
        .isEqualTo("5000 bytes (expected: at most 4096)");
    read("a", 1, 10, 11, at("a", 1));
    assertThat(known.isOversized(ref)).isFalse();
    assertThat(commit()).hasSize(1);
  }

  @Test
  void commit_randomReads_isTheNewestNodeOfEachId() {
    long seed = Long.getLong("zookit.seed", System.identityHashCode(this));
    System.out.println("seed=" + seed);
    Random random = new Random(seed);
    Map<String, Map<Long, ServiceInstance>> model = new HashMap<>();
    Map<String, ServiceInstance> applied = new TreeMap<>();
    long zxid = 100;
    for (int step = 0; step < 3000; step++) {
      String id = "i" + random.nextInt(5);
      Map<Long, ServiceInstance> nodes = model.computeIfAbsent(id, each -> new TreeMap<>());
      int incarnation = random.nextInt(3);
      if (random.nextInt(3) > 0) {
        long made = ++zxid;
        nodes.keySet().removeIf(czxid -> czxid % 3 == incarnation);
        long czxid = made - made % 3 + incarnation + 3;
        zxid = czxid;
        ServiceInstance instance = at(id, 1 + random.nextInt(3));
        nodes.put(czxid, instance);
        read(id, incarnation, czxid, czxid, instance);
      } else {
        nodes.keySet().removeIf(czxid -> czxid % 3 == incarnation);
        known.listed(BUCKET, namesOf(model));
      }
      if (random.nextInt(3) == 0) {
        known.commit().changes().forEach(change -> apply(applied, change));
        assertThat(applied).isEqualTo(newestOf(model));
        assertThat(known.live())
            .extracting(LiveNode::instance)
            .containsExactlyElementsOf(applied.values());
      }
    }
  }

  private static Set<String> namesOf(Map<String, Map<Long, ServiceInstance>> model) {
    Set<String> names = new java.util.HashSet<>();
    model.forEach((id, nodes) -> nodes.keySet().forEach(czxid -> names.add(name(id, czxid % 3))));
    return names;
  }

  private static Map<String, ServiceInstance> newestOf(
      Map<String, Map<Long, ServiceInstance>> model) {
    Map<String, ServiceInstance> newest = new TreeMap<>();
    model.forEach((id, nodes) -> nodes.forEach((czxid, instance) -> newest.put(id, instance)));
    return newest;
  }

  static void apply(Map<String, ServiceInstance> applied, InstanceChange change) {
    assertThat(applied.get(change.id())).isEqualTo(change.before());
    if (change.after() == null) {
      applied.remove(change.id());
    } else {
      applied.put(change.id(), change.after());
    }
  }

  private void read(String id, long incarnation, long czxid, long mzxid, ServiceInstance instance) {
    known.read(
        new NodeRef(BUCKET, name(id, incarnation)),
        new Node(StoredInstance.encode(instance), stat(czxid, mzxid, 100)));
  }

  private void readBytes(String id, long incarnation, long czxid, long mzxid, String data) {
    byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
    known.read(
        new NodeRef(BUCKET, name(id, incarnation)),
        new Node(bytes, stat(czxid, mzxid, bytes.length)));
  }

  private static Stat stat(long czxid, long mzxid, int length) {
    Stat stat = new Stat();
    stat.setCzxid(czxid);
    stat.setMzxid(mzxid);
    stat.setDataLength(length);
    return stat;
  }

  private static String name(String id, long incarnation) {
    return new NodeName(id, incarnation).toString();
  }

  private static ServiceInstance at(String id, int port) {
    return ServiceInstance.at("payments", "h", port).withId(id);
  }

  private List<String> commit() {
    List<String> lines = new ArrayList<>();
    for (InstanceChange change : known.commit().changes()) {
      lines.add(change.id() + ": " + show(change.before()) + " -> " + show(change.after()) + " "
          + change.cause());
    }
    return lines;
  }

  private static String show(@org.jspecify.annotations.Nullable ServiceInstance instance) {
    return instance == null ? "null" : instance.address() + " " + instance.status();
  }
}
