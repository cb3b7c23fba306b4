package io.zookit.scheduler.internal.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests records that no version of this library writes: their job is left alone, and the others continue. In virtual
 * time.
 */
class HostileRecordsTest {

  private static final int BAD = 8;

  private final SimWorld world = new SimWorld(7);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"zone\":\"Z\"            | \"zone\":\"No/Where\"",
        "\"zone\":\"Z\"            | \"zone\":\"\"",
        "\"cron\":\"[^\"]*\"       | \"cron\":\"0 0 0 30 2 ?\"",
        "\"cron\":\"[^\"]*\"       | \"cron\":\"\"",
        "\"zone\":\"Z\"            | \"zone\":\"Z\",\"daysOff\":[\"\"]",
        "\"zone\":\"Z\"            | \"zone\":\"Z\",\"daysOff\":[\"2026-99-99\"]",
        "\"eras\":\\[.*],\"deleted | \"eras\":[],\"deleted",
      })
  void definition_hostile_othersOfTheSameReadRun(String what, String into) {
    world.failing = 0;
    for (int i = 0; i < BAD; i++) {
      Job job = Job.named("bad" + i).cron("0 * * * * ?", java.time.ZoneOffset.UTC);
      world.define(job);
      byte[] def = world.find(world.paths.def(job.name())).data();
      String bad = new String(def, UTF_8).replaceAll(what, into);
      assertThat(bad).isNotEqualTo(new String(def, UTF_8));
      put(world.paths.def(job.name()), bad);
    }
    runsEverySecond();
  }

  @Test
  void trigger_hostile_leavesItsJobAlone() {
    world.failing = 0;
    for (int i = 0; i < BAD; i++) {
      world.define(Job.named("bad" + i));
      ZkPath trigger = world.paths.manual("bad" + i).own("evil");
      accept(List.of(new WriteOp.Make(trigger, "evil".getBytes(UTF_8), false)));
    }
    runsEverySecond();
  }

  /** Nothing new is done for the job, but the run that is on has its end. */
  @ParameterizedTest
  @ValueSource(strings = {"manual/evil", "def", "ctl"})
  void record_hostileDuringARun_theRunEndsAndTheNextFollowsWhenItIsGone(String what) {
    world.failing = 0;
    world.shortestRun = 3_000;
    world.define(Job.named("a"));
    SimWorld.SimNode node = world.node(Map.of("a", 1));
    world.time.run(Duration.ofSeconds(7));
    world.trigger("a", "t1");
    while (node.running.isEmpty()) {
      world.time.run(Duration.ofMillis(1));
    }
    ZkPath path = new ZkPath(world.paths.job("a").value() + "/" + what);
    byte[] before = world.find(path).data();
    accept(List.of(
        world.exists(path)
            ? new WriteOp.Put(path, "evil".getBytes(UTF_8), -1)
            : new WriteOp.Make(path, "evil".getBytes(UTF_8), false)));
    world.notice("a");
    world.trigger("a", "t2");
    world.time.run(Duration.ofSeconds(10));
    assertThat(ends()).containsExactly("t1 RAN");
    assertThat(world.exists(world.paths.run("a"))).isFalse();

    accept(List.of(
        before.length == 0 ? new WriteOp.Drop(path, -1) : new WriteOp.Put(path, before, -1)));
    world.notice("a");
    world.time.run(Duration.ofSeconds(10));
    assertThat(ends()).containsExactly("t1 RAN", "t2 RAN");
    assertThat(world.violations).isEmpty();
  }

  private List<String> ends() {
    return world.state("a").recent().stream()
        .map(end -> end.manual() + " " + end.outcome())
        .toList();
  }

  @Test
  void partition_hostile_isReported() {
    world.failing = 0;
    world.define(Job.named("bad"));
    put(world.paths.partition("bad"), "{\"v\":1,\"r\":1,\"count\":1e999}");
    runsEverySecond();
  }

  private void runsEverySecond() {
    world.define(Job.named("a").on(Schedule.every(Duration.ofSeconds(1))));
    world.node(Map.of("a", 1));
    world.time.run(Duration.ofMinutes(1));
    assertThat(world.state("a").recent()).hasSizeGreaterThan(5);
    assertThat(world.executions).noneMatch(run -> run.job().startsWith("bad"));
  }

  private void accept(List<WriteOp> changes) {
    assertThat(world.commit(changes)).isEqualTo(Code.OK);
  }

  private void put(ZkPath path, String data) {
    accept(List.of(new WriteOp.Put(path, data.getBytes(UTF_8), -1)));
  }
}
