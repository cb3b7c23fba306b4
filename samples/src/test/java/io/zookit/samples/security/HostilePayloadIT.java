package io.zookit.samples.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.scheduler.HistorySink;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobScheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Writes damaged and hostile data into the nodes that a process with 128 MB of heap reads. The process keeps the last
 * good data, reports the error, stays alive, and resumes once good data is back.
 */
@Tag("full")
class HostilePayloadIT extends HostileCase {

  @Test
  void head_hostile_keepsTheLastReleaseAndGoesOnAfterwards() throws Exception {
    String head = head(Victim.LIMITS);
    String good = text(head);
    Map<String, byte[]> all = HostileBytes.records(HostileBytes.bytes(good), SEED);
    change(all, good, "revision 1e400", "\"revision\":\\d+", "\"revision\":1e400");
    change(all, good, "revision", "\"revision\":\\d+", "\"revision\":99999999999999999999");
    change(all, good, "release 2³¹", "\"lastRelease\":\\d+", "\"lastRelease\":2147483648");
    change(all, good, "layer", "\"layers\":\\[]", "\"layers\":[\"no such thing\"]");
    change(
        all,
        good,
        "bundle",
        "\\{\"v\":1,",
        "{\"bundle\":{\"id\":\"x\",\"revisions\":{\"no\":1}},\"v\":1,");
    for (Map.Entry<String, byte[]> each : all.entrySet()) {
      String before = "" + published(Victim.LIMITS);
      byte[] kept = attacker.getData(head, false, null);
      attacker.setData(head, each.getValue(), -1);
      hear(each.getKey(), line -> line.startsWith("CONFIG un") && line.contains("limits"));
      assertThat(look().limits()).as(each.getKey()).isEqualTo(before);
      followsTheOther(each.getKey());
      attacker.setData(head, kept, -1);
      followsAgain(each.getKey());
    }
    System.out.println(all.size() + " heads: " + all.keySet());
  }

  /**
   * Returns whether a line reports a refusal. Unreadable data is read again later; data that no client can use within
   * the limits is rejected.
   */
  private static boolean isRefusal(String line) {
    return line.startsWith("CONFIG unreadable") || line.startsWith("CONFIG rejected");
  }

  @Test
  void release_hostile_keepsTheLastReleaseAndGoesOnAfterwards() throws Exception {
    String head = head(Victim.LIMITS);
    for (HostileReleases.Named each : HostileReleases.all(SEED)) {
      String before = "" + published(Victim.LIMITS);
      byte[] kept = attacker.getData(head, false, null);
      HostileReleases.Attack attack = each.attack(text(head), release(kept));
      String node =
          head.replaceFirst("/head$", "") + String.format("/releases/%010d", attack.number());
      attacker.create(node, attack.release(), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
      attacker.setData(head, HostileBytes.bytes(attack.head()), -1);
      hear(each.name(), line -> isRefusal(line) && line.contains("limits"));
      assertThat(look().limits()).as(each.name()).isEqualTo(before);
      followsTheOther(each.name());
      attacker.delete(node, -1);
      attacker.setData(head, HostileBytes.bytes(attack.repaired()), -1);
      followsAgain(each.name());
    }
    System.out.println(HostileReleases.all(SEED).size() + " releases");
  }

  @Test
  void fieldsThatNameClasses_inAGoodHead_areIgnored() throws Exception {
    String head = head(Victim.LIMITS);
    byte[] kept = attacker.getData(head, false, null);
    String more = text(head).replaceFirst("\\{", "{\"@class\":\"java.lang.ProcessBuilder\",");
    attacker.setData(head, HostileBytes.bytes(more), -1);
    followsAgain("a class beside the fields");
    assertThat(kept).isNotEmpty();
  }

  @Test
  void instance_hostile_isSkippedAndTheOthersStay() throws Exception {
    String model = instances().keySet().iterator().next();
    String good = new String(instances().get(model), StandardCharsets.UTF_8);
    String bucket = model.substring(0, model.lastIndexOf('/'));
    String evil = good.replace("\"model\"", "\"evil\"");
    Map<String, byte[]> all = HostileBytes.records(HostileBytes.bytes(evil), SEED);
    change(all, evil, "port", "\"port\":8080", "\"port\":99999999");
    change(all, evil, "port 1e99", "\"port\":8080", "\"port\":1e99");
    change(all, evil, "other id", "\"evil\"", "\"model\"");
    change(all, evil, "weight", "\"port\":8080", "\"port\":8080,\"weight\":2147483647");
    for (Map.Entry<String, byte[]> each : all.entrySet()) {
      attacker.create(
          bucket + "/" + EVIL, each.getValue(), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
      hear(
          each.getKey(), line -> line.startsWith("REGISTRY skipped shop") && line.contains("evil"));
      assertThat(look().instances()).as(each.getKey()).containsExactly("model");
      attacker.setData(bucket + "/" + EVIL, HostileBytes.bytes(evil), -1);
      soon(each.getKey()).until(() -> look().instances().contains("evil"));
      attacker.delete(bucket + "/" + EVIL, -1);
      soon(each.getKey()).until(() -> look().instances().equals(List.of("model")));
    }
    System.out.println(all.size() + " instances: " + all.keySet());
  }

  @Test
  void instance_overwritten_staysWithWhatWasLastKnown() throws Exception {
    String model = instances().keySet().iterator().next();
    String bucket = model.substring(0, model.lastIndexOf('/'));
    byte[] good = HostileBytes.bytes(
        new String(instances().get(model), StandardCharsets.UTF_8).replace("model", "good"));
    attacker.create(bucket + "/" + OWN, good, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    await().atMost(LONG).until(() -> look().instances().equals(List.of("good", "model")));
    for (Map.Entry<String, byte[]> each : HostileBytes.records(good, SEED).entrySet()) {
      attacker.setData(bucket + "/" + OWN, each.getValue(), -1);
      hear(
          each.getKey(), line -> line.startsWith("REGISTRY skipped shop") && line.contains("good"));
      assertThat(look().instances()).as(each.getKey()).containsExactly("good", "model");
      attacker.setData(bucket + "/" + OWN, good, -1);
    }
    attacker.delete(bucket + "/" + OWN, -1);
    await().atMost(LONG).until(() -> look().instances().equals(List.of("model")));
  }

  @Test
  void policyOfAService_hostile_isReportedAndTheViewStays() throws Exception {
    String policy = root + "/services/" + Victim.SERVICE + "/~policy";
    byte[] good = HostileBytes.bytes("{\"v\":1,\"r\":1,\"instances\":{},\"routes\":[]}");
    attacker.create(policy, good, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    for (Map.Entry<String, byte[]> each : HostileBytes.records(good, SEED).entrySet()) {
      attacker.setData(policy, each.getValue(), -1);
      hear(each.getKey(), line -> line.startsWith("REGISTRY failed shop"));
      assertThat(look().instances()).as(each.getKey()).containsExactly("model");
    }
    attacker.delete(policy, -1);
  }

  @Test
  void job_hostile_isLeftAloneAndOthersRunOn() throws Exception {
    for (String part : List.of("def", "state", "ctl")) {
      String path = job(Victim.JOB) + "/" + part;
      String text = text(path);
      Map<String, byte[]> all = HostileBytes.records(HostileBytes.bytes(text), SEED);
      if (part.equals("def")) {
        change(all, text, "no eras", "\"eras\":\\[.*?],\"deleted\"", "\"eras\":[],\"deleted\"");
      }
      Map<String, byte[]> attacks = some(all);
      for (Map.Entry<String, byte[]> each : attacks.entrySet()) {
        byte[] good = attacker.getData(path, false, null);
        attack(part + ": " + each.getKey(), path, each.getValue());
        assertThatThrownBy(() -> ledger.trigger(Victim.JOB)).isInstanceOf(ZkException.class);
        attacker.setData(path, good, -1);
        runsAgain(part + ": " + each.getKey());
      }
      System.out.println(attacks.size() + " of " + part);
    }
  }

  @Test
  void triggerAndPartition_hostile_areReportedAndOthersRunOn() throws Exception {
    String trigger = job(Victim.JOB) + "/manual/evil";
    byte[] record = HostileBytes.bytes("{\"v\":1,\"r\":1,\"slot\":{\"at\":1},\"parameters\":{}}");
    for (Map.Entry<String, byte[]> each :
        some(HostileBytes.records(record, SEED)).entrySet()) {
      attacker.create(trigger, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
      attack("trigger: " + each.getKey(), trigger, each.getValue());
      attacker.delete(trigger, -1);
      runsAgain("trigger: " + each.getKey());
    }
    String partition = job(Victim.JOB).replaceFirst("/[^/]+$", "");
    byte[] good = attacker.getData(partition, false, null);
    for (Map.Entry<String, byte[]> each : some(HostileBytes.records(good, SEED)).entrySet()) {
      long before = warnings("cannot be read");
      attacker.setData(partition, each.getValue(), -1);
      soon(each.getKey()).until(() -> warnings("cannot be read") > before);
      othersRun("partition: " + each.getKey());
      attacker.setData(partition, good, -1);
      runsAgain("partition: " + each.getKey());
    }
  }

  @Test
  void nodeOfAnother_hostile_doesNotKeepJobsFromBeingDefinedOrRun() throws Exception {
    String evil = root + "/job-nodes/evil";
    byte[] record =
        HostileBytes.bytes("{\"v\":1,\"r\":1,\"label\":\"evil\",\"handlers\":{},\"weight\":1,"
            + "\"wallClock\":0,\"tzdb\":\"2025a\",\"draining\":false}");
    for (Map.Entry<String, byte[]> each : HostileBytes.records(record, SEED).entrySet()) {
      attacker.create(evil, each.getValue(), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
      runsAgain("node: " + each.getKey());
      attacker.delete(evil, -1);
    }
    assertThat(ledger.nodes()).hasSize(1);
  }

  @Test
  void jobs_hostileBeforeANodeStarts_doNotKeepTheOthersFromRunning() throws Exception {
    Map<String, String> changes = new LinkedHashMap<>();
    changes.put("\"zone\":\"UTC\"", "\"zone\":\"No/Where\"");
    changes.put("\"cron\":\"[^\"]*\"", "\"cron\":\"0 0 0 30 2 ?\"");
    changes.put("\"eras\":\\[.*?],\"deleted\"", "\"eras\":[],\"deleted\"");
    changes.put("\"mode\":\"EXCLUSIVE\"", "\"mode\":\"NEVER\"");
    int number = 0;
    for (Map.Entry<String, String> each : changes.entrySet()) {
      String name = "a-bad-one-" + number++;
      ledger.define(Job.named(name).cron("0 0 0 1 1 ?", java.time.ZoneId.of("UTC")));
      String def = job(name) + "/def";
      String bad = text(def).replaceAll(each.getKey(), each.getValue());
      assertThat(bad).as(each.getKey()).isNotEqualTo(text(def));
      attacker.setData(def, HostileBytes.bytes(bad), -1);
    }
    ledger.define(Job.named("late"));
    try (ZkClient own = ZkClient.builder(zooKeeper.connectString())
            .connectTimeout(Duration.ofMinutes(1))
            .root(root)
            .connect();
        JobScheduler node =
            JobScheduler.builder(own).label("late").history(HistorySink.none()).start()) {
      java.util.concurrent.CountDownLatch ran = new java.util.concurrent.CountDownLatch(1);
      node.handle("late", run -> ran.countDown());
      ledger.trigger("late");
      assertThat(ran.await(60, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    }
    for (int i = 0; i < number; i++) {
      org.apache.zookeeper.ZKUtil.deleteRecursive(attacker, job("a-bad-one-" + i));
    }
  }
}
