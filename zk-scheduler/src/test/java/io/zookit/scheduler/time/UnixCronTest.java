package io.zookit.scheduler.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cron expressions of five fields. 2026-01-01 is a Thursday. */
class UnixCronTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 12 * * *        | 2026-01-01T12:00",
        "*/7 * * * *       | 2026-01-01T00:07",
        "30 2 * * 0        | 2026-01-04T02:30",
        "30 2 * * 7        | 2026-01-04T02:30",
        "30 2 * * sun      | 2026-01-04T02:30",
        "0 0 * * 6         | 2026-01-03T00:00",
        "0 0 * * MON-FRI   | 2026-01-02T00:00",
        "0 0 * * 5-7       | 2026-01-02T00:00",
        "0 0 29 2 *        | 2028-02-29T00:00",
        "0 0 13 * 5        | 2026-01-02T00:00",
        "0 0 3 * 5         | 2026-01-02T00:00",
        "0 0 2-31 * 6      | 2026-01-02T00:00",
        "0 0 */2 * 6       | 2026-01-03T00:00",
      })
  void next_fiveFields_isTheFirstTimeOfItsGrid(String expression, String expected) {
    Slot slot = Schedule.cron(expression, ZoneOffset.UTC).next(START).orElseThrow();
    assertThat(slot.label()).isEqualTo(LocalDateTime.parse(expected.strip()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0 0 ? * 1", "0 0 L * *", "0 0 * * 8", "0 0 * * 1#2", "60 0 * * *", "0 0 0 * *"})
  void cron_whatUnixDoesNotHave_isRefused(String expression) {
    assertThatThrownBy(() -> Schedule.cron(expression, ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected:");
  }

  /** Hours that are listed mean one run a day, also when the clocks change. */
  @Test
  void next_whenTheClocksGoForward_runsAtTheTransition() {
    CronSchedule daily = Schedule.cron("30 2 * * *", ZoneId.of("Europe/Berlin"));
    assertThat(daily.next(Instant.parse("2026-03-29T00:00:00Z")).orElseThrow().instant())
        .isEqualTo(Instant.parse("2026-03-29T01:00:00Z"));
  }

  /** 300 random expressions, 20 slots each, compared with another implementation. */
  @Test
  void next_randomExpressions_equalCronUtils() {
    long seed = Long.getLong("zookit.seed", 20261130L);
    Random random = new Random(seed);
    com.cronutils.parser.CronParser parser = new com.cronutils.parser.CronParser(
        CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    for (int i = 0; i < 300; i++) {
      String expression = String.join(
          " ",
          pick(random, "0", "*", "*/7", "59", "1,2,3", "10-50"),
          pick(random, "*", "0", "*/5", "3-22", "8,20"),
          pick(random, "*", "1", "15", "10-20", "3,17"),
          pick(random, "*", "2", "1-3", "6,12"),
          pick(random, "*", "0", "5", "1-5", "1,4"));
      ExecutionTime theirs = ExecutionTime.forCron(parser.parse(expression));
      CronSchedule ours = Schedule.cron(expression, ZoneOffset.UTC);
      ZonedDateTime at = START.plusSeconds(random.nextInt(100_000_000)).atZone(ZoneOffset.UTC);
      for (int n = 0; n < 20; n++) {
        ZonedDateTime next = theirs.nextExecution(at).orElseThrow();
        assertThat(ours.next(at.toInstant()).orElseThrow().instant())
            .as("seed %d, %s after %s", seed, expression, at)
            .isEqualTo(next.toInstant());
        at = next;
      }
    }
  }

  private static String pick(Random random, String... items) {
    return items[random.nextInt(items.length)];
  }
}
