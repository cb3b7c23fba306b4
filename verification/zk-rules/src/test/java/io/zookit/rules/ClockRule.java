package io.zookit.rules;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The rule that only a timekeeper reads the clock. */
final class ClockRule {

  private static final String TIMEKEEPER = "io.zookit.core.Timekeeper";

  /** Full name of the called method with its parameter types. */
  private static final Pattern CLOCK =
      Pattern.compile("java\\.lang\\.System\\.(nanoTime|currentTimeMillis)\\(.*"
          + "|java\\.lang\\.Thread\\.sleep\\(.*"
          + "|java\\.util\\.concurrent\\.TimeUnit\\.sleep\\(.*"
          + "|java\\.time\\.Clock\\.(system\\w*|tick(Millis|Seconds|Minutes))\\(.*"
          + "|java\\.time(\\.chrono)?\\.\\w+\\.now\\((?!java\\.time\\.Clock\\)).*"
          + "|java\\.util\\.Date\\.<init>\\(\\)"
          + "|java\\.util\\.GregorianCalendar\\.<init>\\((java\\.util\\.(TimeZone|Locale).*)?\\)"
          + "|java\\.util\\.Calendar\\.getInstance\\(.*");

  private ClockRule() {}

  static List<Rule> all() {
    return List.of(new Rule(
        "clock",
        "The clock is read, and slept by, only in implementations of " + TIMEKEEPER + ".",
        ClockRule::check));
  }

  private static Set<Finding> check(Code code) {
    Set<Finding> findings = new TreeSet<>();
    code.classes().filter(type -> !isTimekeeper(type)).forEach(type -> {
      for (JavaAccess<?> access : type.getAccessesFromSelf()) {
        String target =
            access.getTarget() instanceof CodeUnitAccessTarget called ? called.getFullName() : "";
        if (CLOCK.matcher(target).matches()) {
          findings.add(new Finding(Code.fileOf(type).getName(), "asks " + target));
        }
      }
    });
    return findings;
  }

  private static boolean isTimekeeper(JavaClass type) {
    return Code.fileOf(type).isAssignableTo(TIMEKEEPER);
  }
}
