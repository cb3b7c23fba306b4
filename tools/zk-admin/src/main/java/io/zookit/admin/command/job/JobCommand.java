package io.zookit.admin.command.job;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.Confirmation;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.VerbOrder;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.Layout;
import io.zookit.core.ZkClient;
import io.zookit.core.audit.AuditLog;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobView;
import io.zookit.views.JobShape;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The commands about jobs; those that change something are here. */
@Command(
    name = "job",
    description = "Cluster jobs: list, define, trigger, pause, history.",
    subcommands = {DefineCommand.class, VerifyCommand.class})
@VerbOrder({
  "list",
  "show",
  "next",
  "define",
  "diff",
  "trigger",
  "backfill",
  "pause",
  "resume",
  "cancel",
  "delete",
  "history",
  "verify",
  "nodes"
})
public final class JobCommand extends JobReadCommands {

  private static final Layout<JobShape.TriggerShape> TRIGGER = Layout.of(
      JobShape.TriggerShape::id,
      Column.of("JOB", JobShape.TriggerShape::job),
      Column.of("ID", JobShape.TriggerShape::id),
      Column.of("RESULT", each -> each.created() ? "triggered" : "was triggered before"));

  /** Creates the commands of a context. */
  public JobCommand(CommandContext context) {
    super(context);
  }

  /** The job that a command changes, with the author and the reason of the change. */
  static final class JobChange {

    @Mixin
    private JobArgument job = new JobArgument();

    @Option(
        names = {"-m", "--message"},
        paramLabel = "TEXT",
        description = "Why; it is entered in the audit.")
    private String message = "";

    @Option(
        names = "--by",
        paramLabel = "NAME",
        description = "The author. Default: the user of the connection, else of this process.")
    @Nullable
    private String by;

    String job() {
      return job.name();
    }

    String reason() {
      return message;
    }

    JobView of(JobLedger ledger) throws InterruptedException {
      return job.of(ledger);
    }

    /** Runs a task whose changes the audit has under the author. */
    void withLedger(CommandContext context, LedgerTask task) throws InterruptedException {
      try (ZkClient client = context.connect()) {
        if (by != null) {
          AuditLog.in(client).signAs(by);
        }
        task.run(JobLedger.in(client));
      }
    }
  }

  /** Parses an instant. */
  static final class InstantConverter implements ITypeConverter<Instant> {

    @Override
    public Instant convert(String text) {
      try {
        return Instant.parse(text);
      } catch (DateTimeException e) {
        throw new TypeConversionException(
            "\"" + text + "\" (expected: an instant like 2026-11-01T00:00:00Z)");
      }
    }
  }

  /** Refuses a range whose end is not after its begin. */
  static void requireOrder(Instant from, Instant to) {
    if (!from.isBefore(to)) {
      throw new CommandException(
          ExitCode.USAGE, "--from: " + from + " (expected: before --to, " + to + ")");
    }
  }

  @Command(
      name = "trigger",
      description = {
        "Run a job now, or as soon as its current run ends; also while it is paused.",
        "It is run once, however often this is repeated with the same --id."
      },
      footer = {
        "  zookit job trigger nightly-report",
        "  zookit job trigger nightly-report --id ticket-17 --param day=2026-11-20",
        "  zookit job trigger nightly-report -m 'the first run had no data'"
      })
  void trigger(
      @Mixin JobChange change,
      @Option(
              names = "--id",
              paramLabel = "ID",
              description = "The id that makes the trigger unique. Default: generated.")
          @Nullable
          String id,
      @Option(names = "--param", paramLabel = "NAME=VALUE", description = "A parameter of the run.")
          @Nullable
          Map<String, String> parameters)
      throws InterruptedException {
    change.withLedger(context(), ledger -> {
      String used = id == null || id.isEmpty() ? "cli-" + UUID.randomUUID() : id;
      boolean created = ledger.trigger(
          change.job(), used, parameters == null ? Map.of() : parameters, change.reason());
      context().output().show(new JobShape.TriggerShape(change.job(), used, created), TRIGGER);
    });
  }

  @Command(
      name = "backfill",
      description = {
        "Run the slots of a job in a range of the past again, oldest first, as if triggered manually; at most 1000.",
        "Those that wait from an earlier time are not requested twice."
      },
      footer =
          "  zookit job backfill nightly-report --from 2026-11-01T00:00:00Z --to 2026-11-03T00:00:00Z")
  void backfill(
      @Mixin JobChange change,
      @Option(
              names = "--from",
              required = true,
              paramLabel = "INSTANT",
              converter = InstantConverter.class,
              description = "Slots after this.")
          Instant from,
      @Option(
              names = "--to",
              paramLabel = "INSTANT",
              converter = InstantConverter.class,
              description = "Slots up to this. Default: now.")
          @Nullable
          Instant to)
      throws InterruptedException {
    change.withLedger(context(), ledger -> {
      Instant end = to == null ? context().environment().timekeeper().now() : to;
      requireOrder(from, end);
      int runs = ledger.backfill(change.job(), from, end, change.reason());
      context()
          .output()
          .show(new BackfillDocument(change.job(), from, end, runs), BackfillDocument.LAYOUT);
    });
  }

  @Command(
      name = "pause",
      description = "Run no more slots of a job; its current runs go on.",
      footer = "  zookit job pause nightly-report -m 'the warehouse is closed'")
  void pause(@Mixin JobChange change) throws InterruptedException {
    change.withLedger(context(), ledger -> {
      String reason = change.reason();
      ledger.pause(change.job(), reason.isEmpty() ? "an operator asked for it" : reason);
      context().info("job " + change.job() + " is paused");
    });
  }

  @Command(
      name = "resume",
      description = "Run the slots of a job again; those of the pause are skipped.",
      footer = "  zookit job resume nightly-report -m 'the warehouse is open'")
  void resume(@Mixin JobChange change) throws InterruptedException {
    change.withLedger(context(), ledger -> {
      ledger.resume(change.job(), change.reason());
      context().info("job " + change.job() + " goes on");
    });
  }

  @Command(
      name = "cancel",
      description = "Ask the current run of a job to end.",
      footer = "  zookit job cancel nightly-report --yes -m 'it blocks the backup'")
  void cancel(@Mixin JobChange change, @Mixin Confirmation consent) throws InterruptedException {
    change.withLedger(context(), ledger -> {
      String run = "the run of job " + change.job();
      if (change.of(ledger).running().isEmpty()) {
        throw new CommandException(ExitCode.NOT_FOUND, "job " + change.job() + ": no run is on");
      }
      if (consent.isGiven(context(), "cancel " + run)) {
        boolean asked = ledger.cancel(change.job(), change.reason());
        context().info(run + (asked ? " was asked to end" : " has ended meanwhile"));
      }
    });
  }

  @Command(
      name = "delete",
      description =
          "Delete a job. Its ledger stays, so that no job of the same name runs the old slots.",
      footer = "  zookit job delete nightly-report --yes -m 'replaced by weekly-report'")
  void delete(@Mixin JobChange change, @Mixin Confirmation consent) throws InterruptedException {
    change.withLedger(context(), ledger -> {
      change.of(ledger);
      if (consent.isGiven(context(), "delete job " + change.job())) {
        ledger.delete(change.job(), change.reason());
        context().info("job " + change.job() + " is deleted");
      }
    });
  }

  /**
   * Slots of the past that are to be run again, as programs see it.
   *
   * @param runs how many wait to be run
   */
  record BackfillDocument(String job, Instant from, Instant to, int runs) {

    static final Layout<BackfillDocument> LAYOUT = Layout.of(
        BackfillDocument::job,
        Column.of("JOB", BackfillDocument::job),
        Column.of("FROM", BackfillDocument::from),
        Column.of("TO", BackfillDocument::to),
        Column.of("RUNS", BackfillDocument::runs));
  }
}
