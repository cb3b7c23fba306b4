package io.zookit.admin.command.job;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.Confirmation;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.VerbOrder;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Style;
import io.zookit.core.ZkClient;
import io.zookit.core.audit.AuditLog;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobNode;
import io.zookit.scheduler.JobView;
import io.zookit.scheduler.NextRun;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The commands about jobs. */
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
public final class JobCommand extends CommandGroup {

  /** Creates the commands of a context. */
  public JobCommand(CommandContext context) {
    super(context);
  }

  /** A task with the jobs of a cluster. */
  @FunctionalInterface
  interface LedgerTask {

    /** Does it. */
    void run(JobLedger ledger) throws InterruptedException;
  }

  /** Runs a task with the jobs of the cluster. */
  void withLedger(LedgerTask task) throws InterruptedException {
    try (ZkClient client = context().connect()) {
      task.run(JobLedger.in(client));
    }
  }

  /** The job that a command is about, its first argument. */
  static final class JobArgument {

    @Parameters(index = "0", paramLabel = "JOB", description = "The name of the job.")
    private String name = "";

    String name() {
      return name;
    }

    JobView of(JobLedger ledger) throws InterruptedException {
      return ledger
          .find(name)
          .orElseThrow(() -> new CommandException(
              ExitCode.NOT_FOUND,
              "job " + name + " is not defined; `zookit job list` lists those that are"));
    }
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
      name = "list",
      description = "List the jobs: their schedules, what runs, the outcome of the last run.",
      footer = {"  zookit job list", "  zookit job list nightly -o name"})
  void list(
      @Parameters(
              paramLabel = "PREFIX",
              arity = "0..1",
              defaultValue = "",
              description = "What the names begin with.")
          String prefix)
      throws InterruptedException {
    withLedger(ledger -> {
      JobLedger.Listing listing = ledger.listing();
      List<JobDocument> jobs = listing.jobs().stream()
          .filter(view -> view.job().name().startsWith(prefix))
          .map(JobDocument::of)
          .toList();
      context().output().list(jobs, JobDocument.LAYOUT);
      listing.unreadable().forEach((job, reason) -> {
        if (job.startsWith(prefix)) {
          context().info("job " + job + ": cannot be read: " + reason);
        }
      });
    });
  }

  @Command(
      name = "show",
      description = "Show a job: its definition, what runs, its state.",
      footer = {"  zookit job show nightly-report", "  zookit job show nightly-report -o json"})
  void show(@Mixin JobArgument job) throws InterruptedException {
    withLedger(
        ledger -> context().output().show(JobDocument.of(job.of(ledger)), JobDocument.LAYOUT));
  }

  @Command(
      name = "next",
      description =
          "List the next slots of a job, and what a change between summer and winter time does to them.",
      footer = {
        "  zookit job next nightly-report",
        "  zookit job next nightly-report -n 400 -o json"
      })
  void next(
      @Mixin JobArgument job,
      @Option(
              names = "-n",
              paramLabel = "N",
              defaultValue = "10",
              description = "The number of slots. Default: 10.")
          int count)
      throws InterruptedException {
    withLedger(ledger -> {
      List<SlotDocument> slots =
          ledger.next(job.name(), count).stream().map(SlotDocument::of).toList();
      context().output().list(slots, SlotDocument.LAYOUT);
    });
  }

  @Command(
      name = "diff",
      description = "Compare the jobs of a file with the stored definitions, field by field.",
      footer = {
        "  zookit job diff -f jobs.yaml",
        "  zookit job diff -f jobs.yaml --exit-code -o json"
      })
  ExitCode diff(
      @Mixin JobFile.FileOption file,
      @Option(names = "--exit-code", description = "Exit with 1 if there is a difference.")
          boolean exitCode)
      throws InterruptedException {
    List<StoredAndGiven.DifferenceDocument> differences = new ArrayList<>();
    withLedger(ledger -> {
      for (StoredAndGiven each : StoredAndGiven.of(ledger, file.read(context()))) {
        differences.addAll(StoredAndGiven.DifferenceDocument.of(each));
      }
      context().output().list(differences, StoredAndGiven.DifferenceDocument.LAYOUT);
    });
    return exitCode && !differences.isEmpty() ? ExitCode.FAILURE : ExitCode.OK;
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
      context()
          .output()
          .show(new TriggerDocument(change.job(), used, created), TriggerDocument.LAYOUT);
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

  @Command(
      name = "history",
      description = {
        "List the newest slots of a job and its manual runs, newest first, with the outcome of each.",
        "Slots that were skipped have the reason. Node, times and error are known of the last 20 ends of runs."
      },
      footer = {
        "  zookit job history nightly-report",
        "  zookit job history nightly-report -n 200 -o json"
      })
  void history(
      @Mixin JobArgument job,
      @Option(
              names = "-n",
              paramLabel = "N",
              defaultValue = "20",
              description = "The number of rows, at most 1000. Default: 20.")
          int count)
      throws InterruptedException {
    withLedger(ledger -> context()
        .output()
        .list(
            SlotHistoryDocument.join(
                job.name(), ledger.slots(job.name(), count), ledger.history(job.name()), count),
            SlotHistoryDocument.LAYOUT));
  }

  @Command(
      name = "nodes",
      description = "List the nodes that are connected, and what they can run.",
      footer = "  zookit job nodes")
  void nodes() throws InterruptedException {
    withLedger(ledger -> {
      List<NodeDocument> nodes = ledger.nodes().stream().map(NodeDocument::of).toList();
      context().output().list(nodes, NodeDocument.LAYOUT);
    });
  }

  /**
   * A slot to come as programs see it.
   *
   * @param slot by its local time
   * @param fold 1 for the second of two equal local times, else 0
   * @param due when it will be run, jitter included
   * @param note what the change of clocks makes of it; empty when nothing
   */
  record SlotDocument(String slot, int fold, Instant due, String note) {

    static final Layout<SlotDocument> LAYOUT = Layout.of(
        SlotDocument::slot,
        Column.of(
            "SLOT",
            slot -> DisplayText.withSeconds(slot.slot) + (slot.fold == 1 ? " (second)" : "")),
        Column.of("DUE", SlotDocument::due),
        new Column<>("NOTE", slot -> new Cell(slot.note, Style.ODD)));

    static SlotDocument of(NextRun next) {
      return new SlotDocument(
          next.slot().label().toString(), next.slot().fold(), next.due(), next.note());
    }
  }

  /**
   * A trigger as programs see it.
   *
   * @param id what tells it from others
   * @param made whether it was created now; false if it existed or had been run
   */
  record TriggerDocument(String job, String id, boolean made) {

    static final Layout<TriggerDocument> LAYOUT = Layout.of(
        TriggerDocument::id,
        Column.of("JOB", TriggerDocument::job),
        Column.of("ID", TriggerDocument::id),
        Column.of("RESULT", trigger -> trigger.made ? "triggered" : "was triggered before"));
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

  /**
   * A node as programs see it.
   *
   * @param handlers what it can run, with versions
   * @param wallClock what its clock said when it last wrote
   * @param tzdb the version of its time zone data
   * @param draining whether it is about to leave
   */
  record NodeDocument(
      String id,
      String node,
      Map<String, Integer> handlers,
      int weight,
      Instant wallClock,
      String tzdb,
      boolean draining) {

    static final Layout<NodeDocument> LAYOUT = Layout.of(
        NodeDocument::id,
        Column.of("NODE", NodeDocument::node),
        Column.of("HANDLERS", node -> DisplayText.map(node.handlers)),
        Column.of("WEIGHT", NodeDocument::weight),
        Column.of("CLOCK", node -> DisplayText.seconds(node.wallClock)),
        Column.of("TZDB", NodeDocument::tzdb),
        new Column<>(
            "STATE", node -> node.draining ? new Cell("leaving", Style.ODD) : Cell.of("up")));

    static NodeDocument of(JobNode node) {
      return new NodeDocument(
          node.id(),
          node.label(),
          new TreeMap<>(node.handlers()),
          node.weight(),
          node.wallClock(),
          node.tzdb(),
          node.draining());
    }
  }
}
