package io.zookit.scheduler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.ZkPath;
import io.zookit.scheduler.Tree.Change;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records that nobody of ours writes: their job is left alone, and the others run on. In virtual time. */
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
      byte[] def = world.store.find(world.paths.def(job.name()), 0).data();
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
      world.store.commit(List.of(new Change.Make(trigger, "evil".getBytes(UTF_8), false)), 0);
    }
    runsEverySecond();
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
    assertThat(Objects.requireNonNull(world.states.get("a")).recent()).hasSizeGreaterThan(5);
    assertThat(world.executions).noneMatch(run -> run.job().startsWith("bad"));
  }

  private void put(ZkPath path, String data) {
    world.store.commit(List.of(new Change.Put(path, data.getBytes(UTF_8), -1)), 0);
  }
}
