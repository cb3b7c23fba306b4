package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.testkit.Fault;
import io.zookit.testkit.Op;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Trial with some providers, three observers and a naive one, under faults of all kinds while instances come, change
 * and go. After each fault every view has to converge to the contents of ZooKeeper, and those to the wanted instances;
 * in the end everything is redeployed under new ids.
 */
final class DiscoveryTrial implements AutoCloseable {

  private static final int PROVIDERS = 5;
  private static final int OBSERVERS = 3;
  private static final Duration HEALED = Duration.ofSeconds(60);
  private static final Duration LANDED = Duration.ofSeconds(10);

  /** A fault, and whether it has landed, to be asked when everything is healed. */
  private interface Strike {
    BooleanSupplier at(DiscoveryTrial trial) throws Exception;
  }

  private static final List<Strike> STRIKES = List.of(
      trial -> trial.cutOff(trial.provider()),
      trial -> trial.cutOff(trial.observer()),
      trial -> trial.blip(trial.provider()),
      trial -> trial.expire(trial.provider()),
      trial -> trial.expire(trial.observer()),
      trial -> trial.expireOnClient(trial.provider()),
      trial -> trial.expireOnClient(trial.observer()),
      DiscoveryTrial::restartAll,
      trial -> trial.loseTheAnswer(trial.provider()),
      trial -> trial.breakTheListing(trial.observer()),
      DiscoveryTrial::restartLeader,
      trial -> trial.vanish(trial.provider()));

  /**
   * Result of a trial.
   *
   * @param missed the numbers of the rounds whose faults did not land
   * @param naiveWrong the number of faults after which the naive observer was wrong
   * @param slowest the longest time from healing until every view matched the contents of ZooKeeper
   * @param slowestWanted the longest time from healing until those matched the wanted instances
   */
  record Outcome(
      long seed,
      int faults,
      List<Integer> missed,
      int naiveWrong,
      Duration slowest,
      Duration slowestWanted,
      List<String> wrong) {}

  private final Servers servers;
  private final String root;
  private final int instances;
  private final long seed;
  private final Random random;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<Party> providers = new ArrayList<>();
  private final List<Party> observers = new ArrayList<>();
  private final List<ObservedView> views = new ArrayList<>();
  private final Map<String, ServiceInstance> wanted = new TreeMap<>();
  private final Map<String, Registration> registrations = new HashMap<>();
  private final Party reader;
  private long slowest;
  private long slowestWanted;

  DiscoveryTrial(Servers servers, String root, int instances, long seed)
      throws InterruptedException {
    this.servers = servers;
    this.root = root;
    this.instances = instances;
    this.seed = seed;
    this.random = new Random(seed);
    this.reader = join(0);
  }

  /** Runs all of it. */
  Outcome run(int faults) throws Exception {
    for (int i = 0; i < PROVIDERS; i++) {
      providers.add(join(i));
    }
    for (int i = 0; i < instances; i++) {
      register(providers.get(i % PROVIDERS), i);
    }
    for (Registration registration : registrations.values()) {
      registration.awaitRegistered(HEALED);
    }
    for (int i = 0; i < OBSERVERS; i++) {
      Party observer = join(i);
      observers.add(observer);
      views.add(
          new ObservedView(observer.registry.discover(RegistryCase.SERVICE).awaitReady(HEALED)));
    }
    NaiveObserver naive = new NaiveObserver(join(1), service());
    opened.add(naive);
    List<Integer> missed = new ArrayList<>();
    int naiveWrong = 0;
    for (int i = 0; i < faults; i++) {
      if (!round(i, naive)) {
        missed.add(i);
      }
      naiveWrong += naive.isWrong(nodes().keySet()) ? 1 : 0;
    }
    redeploy();
    return new Outcome(
        seed,
        faults,
        missed,
        naiveWrong,
        Duration.ofNanos(slowest),
        Duration.ofNanos(slowestWanted),
        views.stream().flatMap(each -> each.wrong().stream()).toList());
  }

  private boolean round(int number, NaiveObserver naive) throws Exception {
    naive.proxy.refuse();
    naive.proxy.cut();
    BooleanSupplier landed = STRIKES.get(number % STRIKES.size()).at(this);
    replaceOne();
    for (int i = random.nextInt(4); i > 0; i--) {
      change();
    }
    heal();
    naive.proxy.heal();
    converge("seed=" + seed + " round=" + number);
    try {
      await().atMost(LANDED).ignoreExceptions().until(landed::getAsBoolean);
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  private void heal() {
    providers.forEach(party -> party.proxy.heal());
    observers.forEach(party -> party.proxy.heal());
  }

  private void converge(String when) {
    long healed = System.nanoTime();
    await(when)
        .atMost(HEALED)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .until(this::allShowTheTree);
    slowest = Math.max(slowest, System.nanoTime() - healed);
    await(when)
        .atMost(HEALED)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .until(() -> tree().equals(wanted) && allShowTheTree());
    slowestWanted = Math.max(slowestWanted, System.nanoTime() - healed);
    await(when).atMost(HEALED).until(() -> views.stream().allMatch(each -> each.hasTold(wanted)));
  }

  private boolean allShowTheTree() throws Exception {
    Map<String, ServiceInstance> tree = tree();
    return views.stream().allMatch(each -> each.shows(tree));
  }

  /** Drains half of the old instances and kills the others; no old instance may be called afterwards. */
  private void redeploy() throws Exception {
    List<Party> old = List.copyOf(providers);
    Map<String, Registration> former = Map.copyOf(registrations);
    providers.clear();
    registrations.clear();
    wanted.clear();
    for (int i = 0; i < PROVIDERS; i++) {
      providers.add(join(i));
      for (int n = i; n < instances; n += PROVIDERS) {
        register(providers.get(i), 1_000 + n);
      }
      for (Registration registration : List.copyOf(registrations.values())) {
        registration.awaitRegistered(HEALED);
      }
      if (i % 2 == 0) {
        old.get(i).client.close();
      } else {
        old.get(i).expireBehindItsBack();
      }
    }
    await().atMost(HEALED).ignoreExceptions().until(() -> tree().equals(wanted));
    for (ObservedView each : views) {
      await("redeployed, seed=" + seed)
          .atMost(HEALED)
          .until(() -> each.view.inRotation().equals(List.copyOf(wanted.values())));
      assertThat(former.keySet())
          .doesNotContainAnyElementsOf(RegistryCase.ids(each.view.inRotation()));
    }
  }

  private BooleanSupplier cutOff(Party party) {
    party.proxy.refuse();
    int cut = party.proxy.cut();
    return () -> cut > 0;
  }

  private BooleanSupplier blip(Party party) {
    int cut = party.proxy.cut();
    return () -> cut > 0;
  }

  private BooleanSupplier expire(Party party) {
    long before = party.zooKeeper().getSessionId();
    party.expire();
    return () -> party.zooKeeper().getSessionId() != before;
  }

  private BooleanSupplier expireOnClient(Party party) {
    long before = party.zooKeeper().getSessionId();
    party.expireOnClient();
    return () -> party.zooKeeper().getSessionId() != before;
  }

  /** All its instances are gone without a word, and it does not know. */
  private BooleanSupplier vanish(Party party) {
    long before = party.zooKeeper().getSessionId();
    party.expireBehindItsBack();
    await().atMost(HEALED).ignoreExceptions().until(() -> tree().size() < wanted.size());
    return () -> party.zooKeeper().getSessionId() != before;
  }

  private BooleanSupplier loseTheAnswer(Party party) throws InterruptedException {
    Fault fault = party.proxy.cutAfter(Op.CREATE2, 1);
    register(party, free());
    boolean landed = fault.await(LANDED);
    return () -> landed;
  }

  private BooleanSupplier breakTheListing(Party party) throws InterruptedException {
    Fault fault = party.proxy.cutBefore(Op.GET_CHILDREN2, 1);
    replaceOne();
    boolean landed = fault.await(LANDED);
    return () -> landed;
  }

  private BooleanSupplier restartAll() throws InterruptedException {
    servers.restartAll();
    return () -> true;
  }

  private BooleanSupplier restartLeader() throws InterruptedException {
    servers.restartLeader();
    return () -> true;
  }

  /** Replaces one instance by another, so that a view that misses the change is wrong. */
  private void replaceOne() {
    List<String> ids = List.copyOf(wanted.keySet());
    drain(ids.get(random.nextInt(ids.size())));
    register(provider(), free());
  }

  private void change() {
    List<String> ids = List.copyOf(wanted.keySet());
    String id = ids.get(random.nextInt(ids.size()));
    switch (random.nextInt(3)) {
      case 0 -> drain(id);
      case 1 -> register(provider(), free());
      default -> {
        int weight = random.nextInt(1000);
        wanted.put(id, registrationOf(id).update(old -> old.withWeight(weight)));
      }
    }
  }

  private int free() {
    int number = random.nextInt(900);
    while (wanted.containsKey("i" + number)) {
      number = random.nextInt(900);
    }
    return number;
  }

  private void drain(String id) {
    if (wanted.size() > instances / 2) {
      registrationOf(id).drain(Duration.ofMillis(random.nextInt(50)));
      registrations.remove(id);
      wanted.remove(id);
    }
  }

  private Registration registrationOf(String id) {
    return Objects.requireNonNull(registrations.get(id), id);
  }

  private void register(Party provider, int number) {
    Registration registration = provider.registry.register(RegistryCase.instance(number));
    registrations.put(registration.instance().id(), registration);
    wanted.put(registration.instance().id(), registration.instance());
  }

  private Party provider() {
    return providers.get(random.nextInt(PROVIDERS));
  }

  private Party observer() {
    return observers.get(random.nextInt(OBSERVERS));
  }

  private Party join(int number) throws InterruptedException {
    Party party = servers.join(number, root);
    opened.add(party);
    party.client.awaitConnected(HEALED);
    return party;
  }

  private String service() {
    return root + "/services/" + RegistryCase.SERVICE;
  }

  /** Returns the instances in ZooKeeper, one for each id: the newest. */
  private Map<String, ServiceInstance> tree() throws Exception {
    Map<String, ServiceInstance> tree = new TreeMap<>();
    Map<String, Long> newest = new HashMap<>();
    for (Map.Entry<String, String> node : nodes().entrySet()) {
      Stat stat = new Stat();
      byte[] data = reader.zooKeeper().getData(node.getValue(), false, stat);
      ServiceInstance instance = RegistryCase.decoded(node.getKey(), data);
      if (stat.getCzxid() > newest.getOrDefault(instance.id(), 0L)) {
        newest.put(instance.id(), stat.getCzxid());
        tree.put(instance.id(), instance);
      }
    }
    return tree;
  }

  /** The paths of all nodes by their names. */
  private Map<String, String> nodes() throws Exception {
    ZooKeeper zooKeeper = reader.zooKeeper();
    zooKeeper.sync(service(), (code, path, context) -> {}, null);
    Map<String, String> nodes = new TreeMap<>();
    Set<String> buckets = new TreeSet<>(zooKeeper.getChildren(service(), false));
    for (String bucket : buckets) {
      String folder = service() + "/" + bucket;
      zooKeeper.getChildren(folder, false).forEach(name -> nodes.put(name, folder + "/" + name));
    }
    return nodes;
  }

  @Override
  public void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }
}
