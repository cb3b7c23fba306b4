package io.zookit.scheduler.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.text.ParseException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quartz.CronExpression;

/** The syntax of cron expressions, and what they mean where no clock changes. */
@SuppressWarnings("JavaUtilDate") // Quartz' currency
class CronScheduleTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 0 12 * * ?          | 2026-01-01T12:00",
        "*/7 * * * * ?         | 2026-01-01T00:00:07",
        "0 15 10 L * ?         | 2026-01-31T10:15",
        "0 15 10 L-3 * ?       | 2026-01-28T10:15",
        "0 15 10 LW * ?        | 2026-01-30T10:15",
        "0 0 0 15W 2 ?         | 2026-02-16T00:00",
        "0 0 0 1W 8 ?          | 2026-08-03T00:00",
        "0 0 0 ? * 6L          | 2026-01-30T00:00",
        "0 0 0 ? * FRIL        | 2026-01-30T00:00",
        "0 0 0 ? * 6#3         | 2026-01-16T00:00",
        "0 0 0 ? * MON#1       | 2026-01-05T00:00",
        "0 0 0 ? * L           | 2026-01-03T00:00",
        "0 0 22-2 ? * SAT-SUN  | 2026-01-03T00:00",
        "0 0 0 29 2 ?          | 2028-02-29T00:00",
        "0 0 0 1 1 ? 2030/5    | 2030-01-01T00:00",
        "0 0 0 1,L FEB ?       | 2026-02-01T00:00",
      })
  void next_expression_isTheFirstTimeOfItsGrid(String expression, String expected) {
    Slot slot = Schedule.cron(expression, ZoneOffset.UTC).next(START).orElseThrow();
    assertThat(slot.label()).isEqualTo(expected.strip());
    assertThat(slot.instant()).isEqualTo(slot.label().toInstant(ZoneOffset.UTC));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0 0 0 * *",
        "0 0 0 * * ? * *",
        "60 0 0 * * ?",
        "0 60 0 * * ?",
        "0 0 24 * * ?",
        "0 0 0 32 * ?",
        "0 0 0 0 * ?",
        "0 0 0 ? 13 1",
        "0 0 0 ? * 8",
        "0 0 0 ? * 0",
        "0 0 0 * * *",
        "0 0 0 ? * ?",
        "0 0 0 ? * FOO",
        "0 0 0 ? * 6#6",
        "0 0 0 ? * 6#0",
        "0 0 0 L-31 * ?",
        "0/60 0 0 * * ?",
        "0/0 0 0 * * ?",
        "0 0 0 1 1 ? 1969",
        "0 0 0 1 1 ? 2200",
        "-1 0 0 * * ?",
        "1,,2 0 0 * * ?",
        ", 0 0 * * ?",
        "0 0 0 99999999999 * ?",
        "0 0 0 1 1 ? 2030-2020",
        "0 0 0 W * ?",
        "0 0 0 40W * ?",
        "0 0 0 ? * MON-",
        "0 0 0/-5 * * ?",
        "a b c d e f"
      })
  void cron_malformed_isRefusedByName(String expression) {
    assertThatThrownBy(() -> Schedule.cron(expression, ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 0 0 30 2 ?", "0 0 0 31 4,6,9,11 ?", "0 0 0 29 2 ? 2026-2027"})
  void cron_neverFires_isRefused(String expression) {
    assertThatThrownBy(() -> Schedule.cron(expression, ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("never fires");
  }

  @Test
  void cron_absurdLength_isRefusedWithoutShowingIt() {
    assertThatThrownBy(() -> Schedule.cron("0 ".repeat(100_000), ZoneOffset.UTC))
        .hasMessage("cron: 200000 characters (expected: at most 256)");
  }

  @Test
  void cron_daysOffLeaveNothing_isRefused() {
    CronSchedule newYear = Schedule.cron("0 0 0 1 1 ?", ZoneOffset.UTC);
    assertThatThrownBy(() -> newYear.except(DaysOff.none().andEvery(MonthDay.of(1, 1))))
        .hasMessageContaining("never fires");
    CronSchedule mondays = Schedule.cron("0 * * ? * MON", ZoneOffset.UTC);
    assertThatThrownBy(() -> mondays.except(DaysOff.none().andEvery(DayOfWeek.MONDAY)))
        .hasMessageContaining("never fires");
  }

  @Test
  void next_atTheEndsOfTime_isBounded() {
    CronSchedule daily = Schedule.cron("0 0 0 * * ?", ZoneId.of("Europe/Berlin"));
    assertThat(daily.next(Instant.MIN).orElseThrow().instant()).isAfterOrEqualTo(Instant.EPOCH);
    assertThat(daily.next(Instant.MAX)).isEmpty();
    assertThat(daily.next(Instant.parse("2199-12-31T23:30:00Z"))).isEmpty();
    assertThat(Schedule.cron("0 0 0 1 1 ? 2030", ZoneOffset.UTC)
            .next(Instant.parse("2030-01-01T00:00:00Z")))
        .isEmpty();
  }

  @Test
  void except_daysOff_leavesThemOutInTheScheduleZone() {
    CronSchedule workdays = Schedule.cron("0 30 23 * * ?", ZoneId.of("America/New_York"))
        .except(DaysOff.weekends().and(LocalDate.of(2026, 1, 2)).andEvery(MonthDay.of(1, 5)));
    List<LocalDate> days = new ArrayList<>();
    Instant at = Instant.parse("2026-01-01T05:00:00Z");
    for (int i = 0; i < 3; i++) {
      Slot slot = workdays.next(at).orElseThrow();
      days.add(slot.label().toLocalDate());
      at = slot.instant();
    }
    assertThat(days)
        .containsExactly(
            LocalDate.of(2026, 1, 1), LocalDate.of(2026, 1, 6), LocalDate.of(2026, 1, 7));
  }

  /**
   * Quartz is right where no clock changes, except for {@code W} with several times a day: it loses all but the first.
   * 400 random expressions, 30 slots each.
   */
  @Test
  void next_randomExpressions_equalQuartzInUtc() throws ParseException {
    long seed = Long.getLong("zookit.seed", 20261121L);
    Random random = new Random(seed);
    for (int i = 0; i < 400; i++) {
      String expression = randomExpression(random);
      CronExpression quartz = new CronExpression(expression);
      quartz.setTimeZone(TimeZone.getTimeZone("UTC"));
      CronSchedule ours = Schedule.cron(expression, ZoneOffset.UTC);
      Instant at = START.plusSeconds(random.nextInt(100_000_000));
      for (int n = 0; n < 30; n++) {
        Date theirs = quartz.getNextValidTimeAfter(Date.from(at));
        Slot slot = ours.next(at).orElseThrow();
        assertThat(slot.instant())
            .as("seed %d, %s after %s", seed, expression, at)
            .isEqualTo(theirs.toInstant());
        at = slot.instant();
      }
    }
  }

  private static String randomExpression(Random random) {
    String days = random.nextBoolean()
        ? pick(random, "*", "1", "15", "L", "L-2", "1/7", "10-20", "3,17") + " "
            + pick(random, "*", "2", "JAN-MAR", "1/3", "NOV-FEB") + " ?"
        : "? " + pick(random, "*", "6", "1/4") + " "
            + pick(random, "MON", "MON-FRI", "FRI-MON", "6#2", "3L", "1,4", "2/2");
    return pick(random, "0", "*/15", "30", "5,50", "10-12") + " "
        + pick(random, "*", "0", "*/7", "59", "50-10", "1,2,3") + " "
        + pick(random, "*", "0", "*/5", "22-3", "8,20") + " " + days;
  }

  private static String pick(Random random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
