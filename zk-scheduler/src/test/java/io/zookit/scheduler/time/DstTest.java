package io.zookit.scheduler.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.text.ParseException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.quartz.CronExpression;

/** Tests the cases of docs/scheduler.md, with ours and, where available, Quartz for comparison. */
@SuppressWarnings("JavaUtilDate") // Quartz' currency
class DstTest {

  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
  private static final ZoneId CAIRO = ZoneId.of("Africa/Cairo");
  private static final ZoneId LORD_HOWE = ZoneId.of("Australia/Lord_Howe");

  @Test
  void dailyInTheGap_runsWhenTheClocksHaveGoneForward() throws ParseException {
    assertThat(ours("0 30 2 * * ?", NEW_YORK, "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"))
        .containsExactly("2026-03-08T07:00:00Z");
    assertThat(quartz("0 30 2 * * ?", NEW_YORK, "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"))
        .isEmpty();
  }

  @Test
  void dailyInTheGap_policies() {
    CronSchedule daily = Schedule.cron("0 30 2 * * ?", NEW_YORK);
    Instant before = Instant.parse("2026-03-08T05:00:00Z");
    assertThat(daily.inGap(GapPolicy.SHIFT).next(before).orElseThrow().instant())
        .isEqualTo("2026-03-08T07:30:00Z");
    assertThat(daily.inGap(GapPolicy.SKIP).next(before).orElseThrow().instant())
        .isEqualTo("2026-03-09T06:30:00Z");
  }

  @Test
  void dailyAtAMissingMidnight_runs() throws ParseException {
    assertThat(ours("0 0 0 * * ?", CAIRO, "2026-04-23T12:00:00Z", "2026-04-24T12:00:00Z"))
        .containsExactly("2026-04-23T22:00:00Z");
    assertThat(quartz("0 0 0 * * ?", CAIRO, "2026-04-23T12:00:00Z", "2026-04-24T12:00:00Z"))
        .isEmpty();
  }

  @Test
  void dailyInTheFold_runsOnceAtTheFirst() throws ParseException {
    String from = "2026-11-01T04:00:00Z";
    String to = "2026-11-02T04:00:00Z";
    assertThat(ours("0 30 1 * * ?", NEW_YORK, from, to)).containsExactly("2026-11-01T05:30:00Z");
    assertThat(quartz("0 30 1 * * ?", NEW_YORK, from, to)).containsExactly("2026-11-01T06:30:00Z");
    CronSchedule daily = Schedule.cron("0 30 1 * * ?", NEW_YORK);
    assertThat(walk(daily.inFold(FoldPolicy.LAST), from, to))
        .containsExactly("2026-11-01T06:30:00Z");
    assertThat(walk(daily.inFold(FoldPolicy.BOTH), from, to))
        .containsExactly("2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z");
  }

  @Test
  void rhythmThroughTheFold_losesNoHour() throws ParseException {
    String from = "2026-11-01T03:59:59Z";
    String to = "2026-11-01T08:59:59Z";
    assertThat(ours("0 */15 * * * ?", NEW_YORK, from, to)).hasSize(20);
    assertThat(quartz("0 */15 * * * ?", NEW_YORK, from, to)).hasSize(16);
    assertThat(ours("0 0 * * * ?", NEW_YORK, from, to)).hasSize(5);
    assertThat(quartz("0 0 * * * ?", NEW_YORK, from, to)).hasSize(4);
  }

  @Test
  void minutesOfAFixedHourInTheFold_runOnceEach() throws ParseException {
    String from = "2026-11-01T03:59:59Z";
    String to = "2026-11-01T08:59:59Z";
    assertThat(ours("0 0/10 1 * * ?", NEW_YORK, from, to))
        .hasSize(6)
        .first()
        .isEqualTo("2026-11-01T05:00:00Z");
    assertThat(quartz("0 0/10 1 * * ?", NEW_YORK, from, to))
        .hasSize(6)
        .first()
        .isEqualTo("2026-11-01T06:00:00Z");
  }

  @Test
  void severalTimesOfOneGap_areOneSlot() {
    assertThat(ours("0 0/10 2 * * ?", NEW_YORK, "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"))
        .containsExactly("2026-03-08T07:00:00Z");
    assertThat(ours("0 0 2,3 * * ?", NEW_YORK, "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"))
        .containsExactly("2026-03-08T07:00:00Z");
  }

  @Test
  void halfAnHourOfGap_isFilledToo() {
    assertThat(ours("0 15 2 * * ?", LORD_HOWE, "2026-10-03T14:00:00Z", "2026-10-04T13:00:00Z"))
        .containsExactly("2026-10-03T15:30:00Z");
  }

  @Test
  void oneShotInTheGap_firesAndOneThatIsSkippedIsRefused() {
    LocalDateTime missing = LocalDateTime.parse("2026-03-08T02:30");
    assertThat(Schedule.once(missing, NEW_YORK).slot().instant()).isEqualTo("2026-03-08T07:00:00Z");
    assertThat(OneShot.at(missing, NEW_YORK, GapPolicy.SHIFT, FoldPolicy.FIRST)
            .slot()
            .instant())
        .isEqualTo("2026-03-08T07:30:00Z");
    assertThatThrownBy(() -> OneShot.at(missing, NEW_YORK, GapPolicy.SKIP, FoldPolicy.FIRST))
        .hasMessageContaining("would never fire");
  }

  @Test
  void fold_tellsTheTwoCopiesApart() {
    CronSchedule both = Schedule.cron("0 30 1 * * ?", NEW_YORK).inFold(FoldPolicy.BOTH);
    Slot first = both.next(Instant.parse("2026-11-01T05:00:00Z")).orElseThrow();
    Slot second = both.next(first.instant()).orElseThrow();
    assertThat(first.label()).isEqualTo(second.label());
    assertThat(first.fold()).isZero();
    assertThat(second.fold()).isOne();
    assertThat(first.hasSameLabel(second)).isFalse();
  }

  private static List<String> ours(String cron, ZoneId zone, String after, String to) {
    return walk(Schedule.cron(cron, zone), after, to);
  }

  private static List<String> walk(Schedule schedule, String after, String to) {
    List<String> instants = new ArrayList<>();
    Instant at = Instant.parse(after);
    while (true) {
      Slot slot = schedule.next(at).orElseThrow();
      if (slot.instant().isAfter(Instant.parse(to))) {
        return instants;
      }
      instants.add(slot.instant().toString());
      at = slot.instant();
    }
  }

  private static List<String> quartz(String cron, ZoneId zone, String after, String to)
      throws ParseException {
    CronExpression expression = new CronExpression(cron);
    expression.setTimeZone(TimeZone.getTimeZone(zone));
    List<String> instants = new ArrayList<>();
    Date at = expression.getNextValidTimeAfter(Date.from(Instant.parse(after)));
    while (!at.after(Date.from(Instant.parse(to)))) {
      instants.add(at.toInstant().toString());
      at = expression.getNextValidTimeAfter(at);
    }
    return instants;
  }
}
