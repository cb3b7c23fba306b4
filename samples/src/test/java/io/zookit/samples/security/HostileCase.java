package io.zookit.samples.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.core.ZkClient;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.samples.security.Victim.Sight;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.time.Schedule;
import io.zookit.testkit.ChildJvm;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.ZooKeeper;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Fixture of a process that reads records and an attacker that may write them. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileCase {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  static final Duration LONG = Duration.ofSeconds(60);
  static final Change ANA = Change.by("ana");
  static final long SEED = Long.getLong("zookit.seed", 20261121L);
  static final String OWN = "good@00000000000000a1";
  static final String EVIL = "evil@00000000000000e1";

  @TempDir
  static Path folder = Path.of("");

  String root;
  ZkClient client;
  ZooKeeper attacker;
  ChildJvm victim;
  ConfigStore store;
  JobLedger ledger;
  int published;
  int asked;
  int parts;

  /** Returns whether every attack is applied to every record of a job. */
  boolean isFull() {
    return false;
  }

  @BeforeAll
  void start() throws Exception {
    System.out.println("seed " + SEED);
    root = zooKeeper.freshRoot();
    client = ZkClient.builder(zooKeeper.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .connect();
    attacker = Outsider.at(zooKeeper.connectString());
    store = ConfigStore.in(client);
    ledger = JobLedger.in(client);
    publish(Victim.LIMITS);
    publish(Victim.OTHER);
    ServiceRegistry.in(client)
        .register(ServiceInstance.at(Victim.SERVICE, "10.0.0.7", 8080).withId("model"))
        .awaitRegistered(LONG);
    ledger.define(Job.named(Victim.JOB));
    ledger.define(Job.named(Victim.WITNESS).on(Schedule.every(Duration.ofMillis(100))));
    victim = ChildJvm.of(Victim.class)
        .jvmOptions("-Xmx128m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError")
        .args(zooKeeper.connectString(), root)
        .log(folder.resolve("victim.log"))
        .start();
    await().atMost(LONG).until(() -> look().witnessed() > 0);
  }

  @AfterAll
  void stop() throws Exception {
    for (AutoCloseable each : new AutoCloseable[] {victim, attacker, client}) {
      if (each != null) {
        each.close();
      }
    }
  }

  @AfterEach
  void victimLivesAndNothingWentUnforeseen() throws Exception {
    assertThat(victim.isAlive()).isTrue();
    assertThat(log().lines())
        .noneMatch(line -> line.contains("OutOfMemoryError")
            || line.contains("StackOverflowError")
            || line.contains("a task failed"));
  }

  /** A third, another one each time; in the long run all. */
  Map<String, byte[]> some(Map<String, byte[]> all) {
    if (isFull()) {
      return all;
    }
    Map<String, byte[]> third = new LinkedHashMap<>();
    int number = parts++;
    for (Map.Entry<String, byte[]> each : all.entrySet()) {
      if (number++ % 3 == 0) {
        third.put(each.getKey(), each.getValue());
      }
    }
    return third;
  }

  void attack(String what, String path, byte[] data) throws Exception {
    long before = warnings("job victim is left alone");
    attacker.setData(path, data, -1);
    notice();
    soon(what).until(() -> warnings("job victim is left alone") > before);
    othersRun(what);
  }

  void othersRun(String what) throws Exception {
    int witnessed = look().witnessed();
    soon(what).until(() -> look().witnessed() > witnessed);
  }

  void runsAgain(String what) throws Exception {
    notice();
    int runs = look().runs();
    ledger.trigger(Victim.JOB);
    soon(what).until(() -> look().runs() == runs + 1);
    soon(what).until(() -> ledger.find(Victim.JOB).orElseThrow().running().isEmpty());
  }

  /** Announces a change of the job, as every client does that changes one. */
  void notice() throws Exception {
    String partition = job(Victim.JOB).replaceFirst("/[^/]+$", "");
    Matcher count = Pattern.compile("\"count\":(\\d+)").matcher(text(partition));
    long next = count.find() ? Long.parseLong(count.group(1)) + 1 : 1;
    String record = "{\"v\":1,\"r\":1,\"count\":" + next + ",\"recent\":[\"" + Victim.JOB + "\"]}";
    attacker.setData(partition, HostileBytes.bytes(record), -1);
  }

  void followsAgain(String what) throws Exception {
    String now = "" + publish(Victim.LIMITS);
    soon(what).until(() -> look().limits().equals(now));
  }

  void followsTheOther(String what) throws Exception {
    String now = "" + publish(Victim.OTHER);
    soon(what).until(() -> look().other().equals(now));
  }

  int publish(Namespace ns) throws Exception {
    store.publish(ns, Content.properties("max=" + ++published + "\n"), ANA);
    return published;
  }

  int published(Namespace ns) throws Exception {
    int stable = store.state(ns).orElseThrow().stable().getAsInt();
    return Integer.parseInt(store.history(ns).content(stable).get("max").orElseThrow());
  }

  Sight look() throws InterruptedException {
    String question = "" + ++asked;
    victim.send(question);
    return Sight.parse(victim.awaitLine(line -> line.startsWith("SEES " + question + " "), LONG));
  }

  static ConditionFactory soon(String what) {
    return await(what).atMost(LONG).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10));
  }

  void hear(String what, Predicate<String> wanted) throws InterruptedException {
    assertThat(victim.awaitLine(wanted, LONG)).as(what).hasSizeLessThan(2_000);
  }

  long warnings(String words) throws Exception {
    return log().lines().filter(line -> line.contains(words)).count();
  }

  String log() throws Exception {
    return Files.readString(victim.log(), StandardCharsets.ISO_8859_1);
  }

  Map<String, byte[]> instances() throws Exception {
    Map<String, byte[]> all = Outsider.tree(attacker, root + "/services/" + Victim.SERVICE);
    all.keySet().removeIf(path -> !path.contains("/model@"));
    return all;
  }

  String job(String name) throws Exception {
    return Outsider.tree(attacker, root + "/jobs").keySet().stream()
        .filter(path -> path.endsWith("/" + name + "/def"))
        .map(path -> path.substring(0, path.length() - 4))
        .findFirst()
        .orElseThrow();
  }

  byte[] release(byte[] head) throws Exception {
    String stable = HostileReleases.stableNumber(new String(head, StandardCharsets.UTF_8));
    String path = head(Victim.LIMITS).replaceFirst("/head$", "");
    return attacker.getData(
        path + String.format("/releases/%010d", Integer.parseInt(stable)), false, null);
  }

  String head(Namespace ns) {
    return root + "/config/" + ns.env() + "/apps/" + ns.app() + "/" + ns.name() + "/head";
  }

  String text(String path) throws Exception {
    return new String(attacker.getData(path, false, null), StandardCharsets.UTF_8);
  }

  static void change(Map<String, byte[]> all, String good, String name, String what, String into) {
    String changed = good.replaceFirst(what, into);
    assertThat(changed).as(name).isNotEqualTo(good);
    all.put(name, HostileBytes.bytes(changed));
  }
}
