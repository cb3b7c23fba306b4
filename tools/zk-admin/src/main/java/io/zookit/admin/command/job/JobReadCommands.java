package io.zookit.admin.command.job;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Style;
import io.zookit.core.ZkClient;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobNode;
import io.zookit.scheduler.JobView;
import io.zookit.views.JobShape;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that read jobs, and what all commands about jobs share. */
public abstract class JobReadCommands extends CommandGroup {

  private static final Layout<JobShape.NextRunShape> NEXT_RUN = Layout.of(
      JobShape.NextRunShape::slot,
      Column.of(
          "SLOT",
          next -> DisplayText.withSeconds(next.slot()) + (next.fold() == 1 ? " (second)" : "")),
      Column.of("DUE", JobShape.NextRunShape::due),
      new Column<>("NOTE", next -> new Cell(next.note(), Style.ODD)));

  JobReadCommands(CommandContext context) {
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

  @Command(
      name = "list",
      description = "List the jobs: their schedules, what runs, the outcome of the last run.",
      footer = {"  zookit job list", "  zookit job list nightly -o name"})
  public void list(
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
      listing.unreadable().forEach((name, reason) -> {
        if (name.startsWith(prefix)) {
          context().info("job " + name + ": cannot be read: " + reason);
        }
      });
    });
  }

  @Command(
      name = "show",
      description = "Show a job: its definition, what runs, its state.",
      footer = {"  zookit job show nightly-report", "  zookit job show nightly-report -o json"})
  public void show(@Mixin JobArgument job) throws InterruptedException {
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
  public void next(
      @Mixin JobArgument job,
      @Option(
              names = "-n",
              paramLabel = "N",
              defaultValue = "10",
              description = "The number of slots. Default: 10.")
          int count)
      throws InterruptedException {
    withLedger(ledger -> {
      List<JobShape.NextRunShape> slots =
          ledger.next(job.name(), count).stream().map(JobShape.NextRunShape::of).toList();
      context().output().list(slots, NEXT_RUN);
    });
  }

  @Command(
      name = "diff",
      description = "Compare the jobs of a file with the stored definitions, field by field.",
      footer = {
        "  zookit job diff -f jobs.yaml",
        "  zookit job diff -f jobs.yaml --exit-code -o json"
      })
  public ExitCode diff(
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
      name = "history",
      description = {
        "List the newest slots of a job and its manual runs, newest first, with the outcome of each.",
        "Slots that were skipped have the reason. Node, times and error are known of the last 20 ends of runs."
      },
      footer = {
        "  zookit job history nightly-report",
        "  zookit job history nightly-report -n 200 -o json"
      })
  public void history(
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
  public void nodes() throws InterruptedException {
    withLedger(ledger -> {
      List<NodeDocument> nodes = ledger.nodes().stream().map(NodeDocument::of).toList();
      context().output().list(nodes, NodeDocument.LAYOUT);
    });
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
