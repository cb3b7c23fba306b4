package io.zookit.scheduler.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Cron expressions as typing errors and attackers make them. */
class CronFuzzTest {

  private static final long SEED = Long.getLong("zookit.seed", 20261121L);
  private static final int LONGEST_MESSAGE =
      2_000; // 256 characters, each as an escape, and the rule

  /** Months looked at by one search: all until the last year, for each stretch between two changes of a clock. */
  private static final long MOST_MONTHS = 12L * 230 * 3_000;

  private static final List<ZoneId> ZONES = List.of(
      ZoneId.of("UTC"),
      ZoneId.of("Europe/Berlin"),
      ZoneId.of("America/St_Johns"),
      ZoneId.of("Africa/Casablanca"));
  private static final List<GapPolicy> GAPS = List.of(GapPolicy.values());
  private static final List<FoldPolicy> FOLDS = List.of(FoldPolicy.values());
  private static final String[] GOOD = {
    "0 0 12 * * ?", "*/7 * * * * ?", "0 15 10 L * ?", "0 15 10 L-3 * ?", "0 15 10 LW * ?",
    "0 0 0 15W 2 ?", "0 0 0 ? * 6L", "0 0 0 ? * FRIL", "0 0 0 ? * 6#3", "0 0 22-2 ? * SAT-SUN",
    "0 0 0 29 2 ?", "0 0 0 1 1 ? 2030/5", "0 0 0 1,L FEB ?", "5,50 50-10 1,2,3 ? NOV-FEB MON#1"
  };
  private static final String[] PARTS = {
    "*",
    "?",
    "0",
    "59",
    "60",
    "-1",
    "*/5",
    "*/0",
    "5/7",
    "1-5",
    "5-1",
    "1-5/2",
    "L",
    "L-3",
    "L-31",
    "LW",
    "W",
    "15W",
    "32W",
    "6#3",
    "6#6",
    "FRIL",
    "MON",
    "MON-FRI",
    "FRI-MON",
    "JAN",
    "DEC-FEB",
    "FOO",
    "2030",
    "1970-2199",
    "2200",
    "",
    ",",
    "1,,2",
    "1,2,3",
    "00",
    "0000",
    "00000",
    "99999999999",
    "/",
    "-",
    "#",
    "1/",
    "/5",
    "*-5",
    "*/*",
    "é",
    "١",
    "\u0000",
    "\n",
    "\t",
    "\ud800",
    "%s",
    "${x}"
  };

  /** Counts its queries, one for each month examined. */
  private static final class CountedYears extends BitSet {
    private static final long serialVersionUID = 1;
    private long asked;

    CountedYears(BitSet years) {
      or(years);
    }

    @Override
    public boolean isEmpty() {
      asked++;
      return super.isEmpty();
    }
  }

  private final Random random = new Random(SEED);
  private int good;
  private int refused;
  private int neverFires;
  private long longest;
  private String longestAt = "";

  /** Returns the number of expressions that are tested. */
  int expressions() {
    return 5_000;
  }

  @Test
  void cron_random_isRefusedClearlyOrHasItsNextTimeInBoundedWork() {
    System.out.println("seed " + SEED + ", " + expressions() + " expressions");
    for (int i = 0; i < expressions(); i++) {
      tryOne(expression());
    }
    System.out.println(good + " good, " + refused + " refused, of these " + neverFires
        + " never fire; at most " + longest + " months looked at, by " + longestAt);
    assertThat(good).isGreaterThan(expressions() / 20);
    assertThat(refused).isGreaterThan(expressions() / 4);
    assertThat(neverFires).isPositive();
    assertThat(longest).isPositive();
  }

  private void tryOne(String expression) {
    ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
    try {
      CronSchedule schedule = Schedule.cron(expression, zone);
      good++;
      requireNext(schedule, Instant.ofEpochSecond(random.nextLong(7_000_000_000L)));
    } catch (IllegalArgumentException e) {
      refused++;
      String message = String.valueOf(e.getMessage());
      neverFires += message.contains("never fires") ? 1 : 0;
      String words = shown(expression) + ": " + message;
      assertThat(message).as(words).containsAnyOf("expected:", "never fires");
      assertThat(message.length()).as(words).isLessThan(LONGEST_MESSAGE);
      assertThat(message.chars().allMatch(c -> c >= ' ' && c <= '~')).as(words).isTrue();
    } catch (RuntimeException | Error e) {
      throw new AssertionError(shown(expression) + " failed", e);
    }
  }

  private void requireNext(CronSchedule schedule, Instant after) {
    CronFields fields = CronParser.parse(schedule.expression());
    CountedYears years = new CountedYears(fields.years());
    CronFields counted = new CronFields(
        fields.seconds(),
        fields.minutes(),
        fields.hours(),
        fields.fixedHours(),
        fields.months(),
        fields.days(),
        years);
    GapPolicy gap = GAPS.get(random.nextInt(GAPS.size()));
    FoldPolicy fold = FOLDS.get(random.nextInt(FOLDS.size()));
    Instant first = after.plusSeconds(1);
    new ZoneWalk(counted, schedule.zone().getRules(), gap, fold).nextOrSame(first);
    assertThat(years.asked).as(shown(schedule.expression())).isLessThan(MOST_MONTHS);
    if (years.asked > longest) {
      longest = years.asked;
      longestAt = shown(schedule.expression()) + " in " + schedule.zone() + " after " + after;
    }
    Optional<Slot> next = schedule.next(after);
    next.ifPresent(
        slot -> assertThat(slot.instant()).as(shown(schedule.expression())).isAfter(after));
  }

  private String expression() {
    return switch (random.nextInt(6)) {
      case 0 -> mutated(GOOD[random.nextInt(GOOD.length)], 1);
      case 1 -> mutated(GOOD[random.nextInt(GOOD.length)], 1 + random.nextInt(5));
      case 2 -> fields(5 + random.nextInt(4));
      case 3 -> grid();
      case 4 -> characters(random.nextInt(40));
      default -> crossed();
    };
  }

  private String mutated(String expression, int times) {
    StringBuilder text = new StringBuilder(expression);
    for (int i = 0; i < times; i++) {
      int at = random.nextInt(text.length() + 1);
      String part = random.nextInt(3) == 0
          ? PARTS[random.nextInt(PARTS.length)]
          : String.valueOf("0123456789*?/-,#LW ".charAt(random.nextInt(19)));
      switch (random.nextInt(4)) {
        case 0 -> text.insert(at, part);
        case 1 -> text.delete(at, Math.min(text.length(), at + 1));
        case 2 -> text.replace(at, Math.min(text.length(), at + 1), part);
        default -> text.append(text, at, text.length());
      }
    }
    return text.toString();
  }

  private String fields(int count) {
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fields.add(PARTS[random.nextInt(PARTS.length)]);
    }
    return String.join(random.nextInt(20) == 0 ? "\t " : " ", fields);
  }

  /** Six or seven fields that are good or nearly. */
  private String grid() {
    String days = random.nextBoolean() ? random.nextInt(33) + " %s ?" : "? %s " + random.nextInt(9);
    String year = random.nextInt(3) == 0 ? " " + (1969 + random.nextInt(232)) : "";
    return random.nextInt(61) + " " + random.nextInt(61) + " " + random.nextInt(25) + " "
        + String.format(days, random.nextInt(4) == 0 ? "2" : "*") + year;
  }

  private String crossed() {
    String[] one = GOOD[random.nextInt(GOOD.length)].split(" ", -1);
    String[] two = GOOD[random.nextInt(GOOD.length)].split(" ", -1);
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      fields.add(random.nextBoolean() ? one[i] : two[i]);
    }
    return String.join(" ", fields);
  }

  private String characters(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) random.nextInt(random.nextBoolean() ? 128 : 0x10000));
    }
    return text.toString().repeat(random.nextInt(50) == 0 ? 100 : 1);
  }

  private static String shown(String expression) {
    StringBuilder shown = new StringBuilder("seed " + SEED + ", \"");
    String cut = expression.length() > 300 ? expression.substring(0, 300) + "..." : expression;
    cut.chars()
        .forEach(c -> shown.append(c < ' ' || c > '~' ? String.format("\\u%04x", c) : (char) c));
    return shown.append('"').toString();
  }
}
