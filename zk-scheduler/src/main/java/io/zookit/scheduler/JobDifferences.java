package io.zookit.scheduler;

import io.zookit.scheduler.Job.Difference;
import io.zookit.scheduler.time.CronSchedule;
import io.zookit.scheduler.time.DaysOff;
import io.zookit.scheduler.time.FixedDelay;
import io.zookit.scheduler.time.FixedRate;
import io.zookit.scheduler.time.OneShot;
import io.zookit.scheduler.time.Schedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares two definitions of a job field by field. */
final class JobDifferences {

  private static final String NONE = "none";

  private final Job stored;
  private final Job given;
  private final List<Difference> found = new ArrayList<>();

  private JobDifferences(Job stored, Job given) {
    this.stored = stored;
    this.given = given;
  }

  static List<Difference> between(Job stored, Job given) {
    JobDifferences differences = new JobDifferences(stored, given);
    differences.compareAll();
    return List.copyOf(differences.found);
  }

  private void compareAll() {
    compare("name", Job::name);
    compare("schedule", job -> job.schedule().map(JobDifferences::text));
    compare("after", Job::after);
    compare("mode", Job::mode);
    compare("shards", Job::shards);
    compare("shardParameters", Job::shardParameters);
    compare("handler", Job::handler);
    compare("minVersion", Job::minVersion);
    compare("overlap", Job::overlap);
    compare("evictAfter", Job::evictAfter);
    compare("catchUp", job -> text(job.catchUp()));
    compare("onDeath", job -> text(job.onDeath()));
    compare("retry", job -> text(job.retry()));
    compare("maxRunTime", Job::maxRunTime);
    compare("pauseAfter", Job::pauseAfter);
    compare("jitter", Job::jitter);
    TreeSet<String> keys = new TreeSet<>(stored.parameters().keySet());
    keys.addAll(given.parameters().keySet());
    keys.forEach(key ->
        compare("parameters." + key, job -> Optional.ofNullable(job.parameters().get(key))));
  }

  private void compare(String field, Function<Job, ?> value) {
    String before = text(value.apply(stored));
    String after = text(value.apply(given));
    if (!before.equals(after)) {
      found.add(new Difference(field, before, after));
    }
  }

  private static String text(Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.map(Object::toString).orElse(NONE);
    }
    return value instanceof List<?> list && list.isEmpty() ? NONE : value.toString();
  }

  private static String text(Schedule schedule) {
    if (schedule instanceof CronSchedule cron) {
      return cron.expression() + " in " + cron.zone()
          + cron.gap().map(gap -> ", in a gap " + gap).orElse("")
          + cron.fold().map(fold -> ", in a fold " + fold).orElse("")
          + (cron.daysOff().isEmpty() ? "" : ", except " + text(cron.daysOff()));
    }
    if (schedule instanceof FixedRate rate) {
      return "every " + rate.period()
          + (rate.start().equals(Instant.EPOCH) ? "" : " from " + rate.start());
    }
    return schedule instanceof FixedDelay delay
        ? delay.delay() + " after the end of the last run"
        : "once at " + ((OneShot) schedule).slot();
  }

  private static String text(DaysOff days) {
    return Stream.of(days.dates(), days.yearly(), days.weekly())
        .flatMap(Set::stream)
        .map(Object::toString)
        .collect(Collectors.joining(" "));
  }

  private static String text(CatchUp catchUp) {
    return catchUp.policy() + " within " + catchUp.window()
        + (catchUp.most() == 1 ? "" : ", at most " + catchUp.most());
  }

  private static String text(OnDeath onDeath) {
    return onDeath.policy()
        + (onDeath.attempts() == 1 ? "" : ", at most " + onDeath.attempts() + " attempts");
  }

  private static String text(Retry retry) {
    return retry.equals(Retry.none())
        ? NONE
        : retry.attempts() + " attempts, delays from " + retry.delay() + " to " + retry.longest();
  }
}
