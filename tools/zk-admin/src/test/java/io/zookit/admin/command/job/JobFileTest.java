package io.zookit.admin.command.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.ExitCode;
import io.zookit.scheduler.CatchUp;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.OnDeath;
import io.zookit.scheduler.Overlap;
import io.zookit.scheduler.Retry;
import io.zookit.scheduler.time.DaysOff;
import io.zookit.scheduler.time.FoldPolicy;
import io.zookit.scheduler.time.GapPolicy;
import io.zookit.scheduler.time.Schedule;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Reads definitions of jobs from text. */
class JobFileTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static List<Job> read(String text) {
    return JobFile.parse("jobs.yaml", text);
  }

  private static void assertRefused(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOfSatisfying(
            CommandException.class,
            refused -> assertThat(refused.code()).isEqualTo(ExitCode.REJECTED))
        .hasMessage(message + "; nothing was changed");
  }

  @Test
  void read_everyField_isTheJobOfTheBuilder() {
    Job expected = Job.named("nightly")
        .on(Schedule.cron("0 30 2 * * ?", BERLIN)
            .inGap(GapPolicy.RUN_AT_TRANSITION)
            .inFold(FoldPolicy.LAST)
            .except(DaysOff.on(LocalDate.parse("2026-12-31"))
                .andEvery(MonthDay.parse("--12-24"))
                .andEvery(DayOfWeek.SUNDAY)))
        .after("other")
        .sharded(List.of("eu", "us"))
        .handledBy("reports")
        .needsVersion(2)
        .overlap(Overlap.QUEUE_ONE)
        .evictAfter(Duration.ofSeconds(5))
        .catchUp(CatchUp.runAll(Duration.ofHours(2), 7))
        .onDeath(OnDeath.rerun(3))
        .retry(Retry.attempts(4, Duration.ofSeconds(10), Duration.ofMinutes(1)))
        .maxRunTime(Duration.ofMinutes(30))
        .pauseAfter(5)
        .jitter(Duration.ofSeconds(20))
        .parameters(Map.of("region", "eu", "limit", "10"));

    assertThat(read("""
            name: nightly
            cron: 0 30 2 * * ?
            zone: Europe/Berlin
            inGap: run-at-transition
            inFold: LAST
            daysOff: [2026-12-31, --12-24, sunday]
            after: other
            mode: sharded
            shards: 2
            shardParameters: [eu, us]
            handler: reports
            minVersion: 2
            overlap: queue_one
            evictAfter: 5s
            catchUp: {policy: run-all, window: 2h, most: 7}
            onDeath: {policy: rerun, attempts: 3}
            retry: {attempts: 4, delay: 10s, longest: PT1M}
            maxRunTime: 30m
            pauseAfter: 5
            jitter: 20s
            parameters: {region: eu, limit: 10}
            """)).containsExactly(expected);
  }

  @Test
  void read_schedulesOfEachKind_areUnderstood() {
    assertThat(read("""
            - {name: a, every: 10m}
            - {name: b, every: 10m, start: "2026-01-01T00:00:00Z"}
            - {name: c, delay: 5s}
            - {name: d, once: 2030-01-01T00:00:00Z}
            - {name: e, mode: broadcast}
            - {name: f, mode: sharded, shards: 8}
            """))
        .containsExactly(
            Job.named("a").on(Schedule.every(Duration.ofMinutes(10))),
            Job.named("b")
                .on(Schedule.every(Duration.ofMinutes(10))
                    .from(Instant.parse("2026-01-01T00:00:00Z"))),
            Job.named("c").on(Schedule.delay(Duration.ofSeconds(5))),
            Job.named("d").on(Schedule.once(Instant.parse("2030-01-01T00:00:00Z"))),
            Job.named("e").broadcast(),
            Job.named("f").sharded(8));
  }

  @Test
  void read_jsonListsAndDocuments_areUnderstood() {
    List<Job> both = List.of(Job.named("a"), Job.named("b").broadcast());
    assertThat(read("[{\"name\": \"a\"}, {\"name\": \"b\", \"mode\": \"broadcast\"}]"))
        .isEqualTo(both);
    assertThat(read("name: a\n---\nname: b\nmode: broadcast\n")).isEqualTo(both);
    assertThat(read("- name: a\n---\n- name: b\n  mode: broadcast\n")).isEqualTo(both);
  }

  @Test
  void read_mistakes_areReportedWithTheirLines() {
    assertRefused("", "jobs.yaml: no job (expected: at least one)");
    assertRefused("just text", "jobs.yaml:1: something else (expected: a map)");
    assertRefused(
        "cron: 0 0 0 * * ?\n", "jobs.yaml:1: name: missing (expected: the name of the job)");
    assertRefused("name: a\nname: b\n", "jobs.yaml:2: name: given twice");
    assertRefused(
        "- name: a\n- name: b\n- name: a\n", "jobs.yaml:3: name: job a is also in line 1");
    assertRefused(
        "name: a\n\ncron: 0 0 25 * * ?\nzone: UTC\n",
        "jobs.yaml:3: cron: " + refusalOf("0 0 25 * * ?"));
    assertRefused("name: a\nzone: UTC\n", "jobs.yaml:2: zone: given without cron");
    assertRefused(
        "name: a\ncron: 0 0 0 * * ?\n",
        "jobs.yaml:1: zone: missing (expected: a time zone like Europe/Berlin)");
    assertRefused(
        "name: a\nevery: 10m\ndelay: 5s\n",
        "jobs.yaml:3: delay: given besides every (expected: one schedule)");
    assertRefused(
        "name: a\noverlap: often\n",
        "jobs.yaml:2: overlap: \"often\" (expected: forbid, allow, replace, queue-one)");
    assertRefused(
        "name: a\nminVersion: two\n", "jobs.yaml:2: minVersion: \"two\" (expected: a number)");
    assertRefused(
        "name: a\npauseAfter: 0\n", "jobs.yaml:2: pauseAfter: failures: 0 (expected: 1 or more)");
    assertRefused("name: a\nshards: 3\n", "jobs.yaml:2: shards: given without mode: sharded");
    assertRefused(
        "name: a\nmode: sharded\n",
        "jobs.yaml:1: shards: missing (expected: shards or shardParameters)");
    assertRefused(
        "name: a\nretry:\n  attempts: 0\n",
        "jobs.yaml:3: attempts: attempts: 0 (expected: 1 to 100)");
    assertRefused("name: a\nretry: 3\n", "jobs.yaml:2: retry: something else (expected: a map)");
    assertRefused(
        "name: a\nparameters:\n  list: [1, 2]\n",
        "jobs.yaml:3: list: something else (expected: a text)");
    assertRefused(
        "name: a\nonce: tomorrow\n",
        "jobs.yaml:2: once: \"tomorrow\" (expected: an instant like 2026-11-01T00:00:00Z)");
  }

  private static String refusalOf(String cron) {
    try {
      Schedule.cron(cron, BERLIN);
      throw new AssertionError(cron + " was accepted");
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void read_unknownFieldOrBrokenYaml_namesTheLine() {
    assertThatThrownBy(() -> read("name: a\ncorn: 0 0 0 * * ?\n"))
        .isInstanceOf(CommandException.class)
        .hasMessageStartingWith("jobs.yaml:2: corn: unknown (expected: name, cron, zone, ");
    assertThatThrownBy(() -> read("name: a\nparameters: {a: 1\n"))
        .isInstanceOf(CommandException.class)
        .hasMessageStartingWith("jobs.yaml:")
        .hasMessageContaining("not valid YAML or JSON");
  }
}
