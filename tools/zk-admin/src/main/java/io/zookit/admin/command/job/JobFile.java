package io.zookit.admin.command.job;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.ExitCode;
import io.zookit.core.time.Durations;
import io.zookit.scheduler.CatchUp;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobMode;
import io.zookit.scheduler.OnDeath;
import io.zookit.scheduler.Overlap;
import io.zookit.scheduler.Retry;
import io.zookit.scheduler.time.CronSchedule;
import io.zookit.scheduler.time.DaysOff;
import io.zookit.scheduler.time.FixedRate;
import io.zookit.scheduler.time.FoldPolicy;
import io.zookit.scheduler.time.GapPolicy;
import io.zookit.scheduler.time.Schedule;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import picocli.CommandLine.Option;

/**
 * Definitions of jobs in a file: YAML or JSON, one job, a list of jobs, or several documents.
 *
 * <pre>
 *   name: nightly-report
 *   cron: 0 15 2 * * ?
 *   zone: Europe/Berlin
 *   catchUp: {policy: run-last, window: 2h}
 *   maxRunTime: 30m
 * </pre>
 *
 * <p>The fields are the components of {@link Job}; a schedule is {@code cron} with {@code zone}, {@code every}, {@code
 * delay} or {@code once}. The whole file is read before anything is done with it.
 */
final class JobFile {

  private static final String[] FIELDS = {
    "name",
    "cron",
    "zone",
    "inGap",
    "inFold",
    "daysOff",
    "every",
    "start",
    "delay",
    "once",
    "after",
    "mode",
    "shards",
    "shardParameters",
    "handler",
    "minVersion",
    "overlap",
    "evictAfter",
    "catchUp",
    "onDeath",
    "retry",
    "maxRunTime",
    "pauseAfter",
    "jitter",
    "parameters"
  };
  private static final List<String> KINDS = List.of("cron", "every", "delay", "once");

  private JobFile() {}

  /** The option that names the file. */
  static final class FileOption {

    @Option(
        names = {"-f", "--file"},
        required = true,
        paramLabel = "FILE",
        description = "The file with the definitions; - for the standard input.")
    private String file = "";

    /**
     * Reads the file.
     *
     * @throws CommandException with the line of the first mistake
     */
    List<Job> read(CommandContext context) {
      return file.equals("-")
          ? parse("-", context.readAll("-f"))
          : parse(file, context.readFile(Path.of(file)));
    }
  }

  static List<Job> parse(String file, String text) {
    List<Node> maps = new ArrayList<>();
    try {
      LoadSettings settings = LoadSettings.builder().setLabel(file).build();
      new Compose(settings).composeAllFromString(text).forEach(document -> {
        if (document instanceof SequenceNode list) {
          maps.addAll(list.getValue());
        } else {
          maps.add(document);
        }
      });
    } catch (MarkedYamlEngineException e) {
      String line = e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
      throw malformed(file + line, e.getProblem(), e);
    } catch (YamlEngineException e) {
      throw malformed(file, String.valueOf(e.getMessage()), e);
    }
    if (maps.isEmpty()) {
      throw new CommandException(
          ExitCode.REJECTED, file + ": no job (expected: at least one); nothing was changed");
    }
    List<Job> jobs = new ArrayList<>();
    Map<String, Integer> lines = new HashMap<>();
    for (Node map : maps) {
      YamlFields fields = new YamlFields(file, map).allow(FIELDS);
      Job job = job(fields);
      Integer earlier = lines.put(job.name(), fields.line());
      if (earlier != null) {
        throw fields.wrong("name", "job " + job.name() + " is also in line " + earlier);
      }
      jobs.add(job);
    }
    return jobs;
  }

  private static CommandException malformed(String place, String problem, Throwable cause) {
    return new CommandException(
        ExitCode.REJECTED,
        place + ": not valid YAML or JSON: " + problem + "; nothing was changed",
        cause);
  }

  private static Job job(YamlFields fields) {
    String name = fields.required("name", "the name of the job");
    Job job = fields.checked("name", () -> Job.named(name));
    job = schedule(fields).map(job::on).orElse(job);
    job = with(job, fields, "after", fields.text("after"), Job::after);
    job = mode(job, fields);
    job = with(job, fields, "handler", fields.text("handler"), Job::handledBy);
    job = with(job, fields, "minVersion", fields.number("minVersion"), Job::needsVersion);
    job = with(job, fields, "overlap", fields.constant("overlap", Overlap.class), Job::overlap);
    job = with(job, fields, "evictAfter", fields.duration("evictAfter"), Job::evictAfter);
    job = with(job, fields, "catchUp", fields.map("catchUp").map(JobFile::catchUp), Job::catchUp);
    job = with(job, fields, "onDeath", fields.map("onDeath").map(JobFile::onDeath), Job::onDeath);
    job = with(job, fields, "retry", fields.map("retry").map(JobFile::retry), Job::retry);
    job = with(job, fields, "maxRunTime", fields.duration("maxRunTime"), Job::maxRunTime);
    job = with(job, fields, "pauseAfter", fields.number("pauseAfter"), Job::pauseAfter);
    job = with(job, fields, "jitter", fields.duration("jitter"), Job::jitter);
    return fields.map("parameters").map(YamlFields::texts).map(job::parameters).orElse(job);
  }

  private static <T> Job with(
      Job job, YamlFields fields, String key, Optional<T> value, BiFunction<Job, T, Job> verb) {
    return value.map(given -> fields.checked(key, () -> verb.apply(job, given))).orElse(job);
  }

  private static Job mode(Job job, YamlFields fields) {
    JobMode mode = fields.constant("mode", JobMode.class).orElse(JobMode.EXCLUSIVE);
    if (mode != JobMode.SHARDED) {
      for (String key : List.of("shards", "shardParameters")) {
        if (fields.has(key)) {
          throw fields.wrong(key, "given without mode: sharded");
        }
      }
      return mode == JobMode.BROADCAST ? job.broadcast() : job;
    }
    Optional<List<String>> parameters = fields.texts("shardParameters");
    Optional<Integer> shards = fields.number("shards");
    if (parameters.isPresent()) {
      int size = parameters.get().size();
      if (shards.orElse(size) != size) {
        throw fields.wrong(
            "shards",
            shards.get() + " (expected: " + size + ", one for each of" + " shardParameters)");
      }
      return fields.checked("shardParameters", () -> job.sharded(parameters.get()));
    }
    int number = shards.orElseThrow(
        () -> fields.wrong("shards", "missing (expected: shards or shardParameters)"));
    return fields.checked("shards", () -> job.sharded(number));
  }

  private static Optional<Schedule> schedule(YamlFields fields) {
    List<String> kinds = KINDS.stream().filter(fields::has).toList();
    if (kinds.size() > 1) {
      throw fields.wrong(
          kinds.get(1), "given besides " + kinds.get(0) + " (expected: one schedule)");
    }
    String kind = kinds.isEmpty() ? "" : kinds.get(0);
    requireOnlyWith(fields, kind, "cron", "zone", "inGap", "inFold", "daysOff");
    requireOnlyWith(fields, kind, "every", "start");
    return switch (kind) {
      case "cron" -> Optional.of(cron(fields));
      case "every" -> Optional.of(every(fields));
      case "delay" -> fields.read("delay", text -> Schedule.delay(duration(text)));
      case "once" ->
        fields.instant("once").map(at -> fields.checked("once", () -> Schedule.once(at)));
      default -> Optional.empty();
    };
  }

  private static void requireOnlyWith(
      YamlFields fields, String kind, String expected, String... keys) {
    for (String key : keys) {
      if (fields.has(key) && !kind.equals(expected)) {
        throw fields.wrong(key, "given without " + expected);
      }
    }
  }

  private static Schedule cron(YamlFields fields) {
    String expression = fields.required("cron", "a cron expression");
    String id = fields.required("zone", "a time zone like Europe/Berlin");
    ZoneId zone = fields.checked("zone", () -> ZoneId.of(id));
    CronSchedule cron = fields.checked("cron", () -> Schedule.cron(expression, zone));
    Optional<GapPolicy> gap = fields.constant("inGap", GapPolicy.class);
    CronSchedule inGap =
        gap.isEmpty() ? cron : fields.checked("inGap", () -> cron.inGap(gap.get()));
    CronSchedule inFold =
        fields.constant("inFold", FoldPolicy.class).map(inGap::inFold).orElse(inGap);
    return fields
        .texts("daysOff")
        .map(days -> fields.checked("daysOff", () -> inFold.except(daysOff(days))))
        .orElse(inFold);
  }

  /** A date is {@code 2026-12-24}, a day of every year {@code --12-24}, of every week {@code sunday}. */
  private static DaysOff daysOff(List<String> days) {
    DaysOff off = DaysOff.none();
    for (String day : days) {
      if (day.startsWith("--")) {
        off = off.andEvery(MonthDay.parse(day));
      } else if (!day.isEmpty() && Character.isDigit(day.charAt(0))) {
        off = off.and(LocalDate.parse(day));
      } else {
        off = off.andEvery(DayOfWeek.valueOf(day.toUpperCase(Locale.ROOT)));
      }
    }
    return off;
  }

  private static Schedule every(YamlFields fields) {
    FixedRate rate = fields
        .read("every", text -> Schedule.every(duration(text)))
        .orElseThrow(() -> fields.wrong("every", "missing (expected: a duration)"));
    return fields
        .instant("start")
        .map(start -> fields.checked("start", () -> rate.from(start)))
        .orElse(rate);
  }

  private static Duration duration(String text) {
    return Durations.parse(text);
  }

  private static CatchUp catchUp(YamlFields fields) {
    CatchUp standard = Job.named("any").catchUp();
    fields.allow("policy", "window", "most");
    return fields.checked(
        "window",
        () -> new CatchUp(
            fields.constant("policy", CatchUp.Policy.class).orElse(standard.policy()),
            fields.duration("window").orElse(standard.window()),
            fields.number("most").orElse(standard.most())));
  }

  private static OnDeath onDeath(YamlFields fields) {
    fields.allow("policy", "attempts");
    return fields.checked(
        "attempts",
        () -> new OnDeath(
            fields.constant("policy", OnDeath.Policy.class).orElse(OnDeath.Policy.FAIL),
            fields.number("attempts").orElse(1)));
  }

  private static Retry retry(YamlFields fields) {
    fields.allow("attempts", "delay", "longest");
    Duration delay = fields.duration("delay").orElse(Duration.ZERO);
    return fields.checked(
        "attempts",
        () -> Retry.attempts(
            fields.number("attempts").orElse(1),
            delay,
            fields.duration("longest").orElse(delay)));
  }
}
