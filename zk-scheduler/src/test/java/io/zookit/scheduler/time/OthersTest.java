package io.zookit.scheduler.time;

import static org.assertj.core.api.Assertions.assertThat;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quartz.CronExpression;

/** The table of docs/scheduler.md: how often each of the four fires between two moments. */
@SuppressWarnings("JavaUtilDate") // Quartz' currency
class OthersTest {

  private static final String FOLD = "America/New_York|2026-11-01T03:59:59Z|2026-11-01T08:59:59Z|";
  private static final String GAP = "America/New_York|2026-03-08T05:00:00Z|2026-03-09T04:00:00Z|";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        GAP + "0 30 2 * * ?|1|0|0|0",
        "Africa/Cairo|2026-04-23T12:00:00Z|2026-04-24T12:00:00Z|0 0 0 * * ?|1|0|0|0",
        "Australia/Lord_Howe|2026-10-03T14:00:00Z|2026-10-04T13:00:00Z|0 15 2 * * ?|1|0|0|0",
        FOLD + "0 30 1 * * ?|1|1|2|1",
        FOLD + "0 */15 * * * ?|20|16|20|20",
        FOLD + "0 0 * * * ?|5|4|5|5",
        FOLD + "0 0/10 1 * * ?|6|6|12|12",
      })
  void between_aChangeOfClocks_eachFiresAsTheTableSays(
      String zone,
      String after,
      String to,
      String cron,
      int ours,
      int quartz,
      int spring,
      int cronUtils)
      throws ParseException {
    ZoneId at = ZoneId.of(zone);
    Schedule schedule = Schedule.cron(cron, at);
    assertThat(count(after, to, now -> schedule.next(now).orElseThrow().instant()))
        .as("Zookit")
        .isEqualTo(ours);
    CronExpression theirs = new CronExpression(cron);
    theirs.setTimeZone(TimeZone.getTimeZone(at));
    assertThat(
            count(after, to, now -> theirs.getNextValidTimeAfter(Date.from(now)).toInstant()))
        .as("Quartz")
        .isEqualTo(quartz);
    assertThat(count(after, to, now -> spring(cron, now.atZone(at))))
        .as("Spring")
        .isEqualTo(spring);
    ExecutionTime times = ExecutionTime.forCron(
        new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.QUARTZ)).parse(cron));
    assertThat(count(after, to, now -> instant(times.nextExecution(now.atZone(at)))))
        .as("cron-utils")
        .isEqualTo(cronUtils);
  }

  private static Instant spring(String cron, ZonedDateTime after) {
    return instant(Optional.ofNullable(
        org.springframework.scheduling.support.CronExpression.parse(cron).next(after)));
  }

  private static Instant instant(Optional<ZonedDateTime> time) {
    return time.orElseThrow().toInstant();
  }

  private static int count(String after, String to, UnaryOperator<Instant> next) {
    List<Instant> found = new ArrayList<>();
    Instant at = next.apply(Instant.parse(after));
    while (!at.isAfter(Instant.parse(to))) {
      found.add(at);
      at = next.apply(at);
    }
    return found.size();
  }
}
