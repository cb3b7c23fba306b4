package io.zookit.admin.command.job;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Style;
import io.zookit.core.ZkException;
import io.zookit.scheduler.DefinitionPolicy;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.Job.Difference;
import io.zookit.scheduler.JobLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Defines the jobs of a file. */
@Command(
    name = "define",
    description = {
      "Define the jobs of a file, in YAML or JSON: one job, a list of jobs, or several documents.",
      "The whole file is checked first. With --policy validate nothing is defined if one of the jobs is stored"
          + " differently. Each job is stored in a transaction of its own: if one fails, the others are named."
    },
    footer = {
      "  zookit job define -f jobs.yaml",
      "  zookit job define -f jobs.yaml --policy replace",
      "  zookit job define -f jobs.yaml --dry-run"
    })
final class DefineCommand implements Callable<ExitCode> {

  private final JobCommand jobs;
  private final CommandContext context;

  @Mixin
  private JobFile.FileOption file = new JobFile.FileOption();

  @Option(
      names = "--policy",
      paramLabel = "POLICY",
      converter = PolicyConverter.class,
      description = {
        "What happens to a job that is stored differently: validate refuses the file, replace puts the definition of"
            + " the file in force, create keeps the stored one. Default: validate."
      })
  private DefinitionPolicy policy = DefinitionPolicy.VALIDATE;

  @Option(names = "--dry-run", description = "Only say what would happen.")
  private boolean dryRun;

  DefineCommand(JobCommand jobs) {
    this.jobs = jobs;
    this.context = jobs.context();
  }

  /** A policy as it is typed. */
  static final class PolicyConverter implements ITypeConverter<DefinitionPolicy> {

    @Override
    public DefinitionPolicy convert(String text) {
      try {
        return DefinitionPolicy.valueOf(text.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(
            "\"" + text + "\" (expected: validate, replace or create)");
      }
    }
  }

  @Override
  public ExitCode call() throws InterruptedException {
    jobs.withLedger(ledger -> {
      List<StoredAndGiven> all = StoredAndGiven.of(ledger, file.read(context));
      requireAllowed(all);
      List<DefinitionDocument> documents =
          all.stream().map(each -> DefinitionDocument.planned(each, policy)).toList();
      if (dryRun) {
        context.info("would do; nothing was changed");
      } else {
        documents = define(ledger, all);
      }
      context.output().list(documents, DefinitionDocument.LAYOUT);
    });
    return ExitCode.OK;
  }

  private void requireAllowed(List<StoredAndGiven> all) {
    List<StoredAndGiven> different =
        all.stream().filter(StoredAndGiven::isDifferent).toList();
    if (policy != DefinitionPolicy.VALIDATE || different.isEmpty()) {
      return;
    }
    different.forEach(each -> each.differences()
        .forEach(difference -> context.info("job " + each.given().name() + ": " + difference)));
    throw new CommandException(
        ExitCode.CONFLICT,
        different.size() + " of " + all.size() + " jobs are stored differently (stored → given);"
            + " nothing was changed. --policy replace puts the definitions of the file in force,"
            + " --policy create keeps the stored ones");
  }

  private List<DefinitionDocument> define(JobLedger ledger, List<StoredAndGiven> all)
      throws InterruptedException {
    List<DefinitionDocument> defined = new ArrayList<>();
    try {
      for (StoredAndGiven each : all) {
        defined.add(DefinitionDocument.done(
            each, policy, ledger.define(each.given(), policy).version()));
      }
    } catch (ZkException | IllegalArgumentException e) {
      sayWhatIsDone(all.stream().map(StoredAndGiven::given).toList(), defined.size());
      throw e;
    }
    return defined;
  }

  private void sayWhatIsDone(List<Job> jobs, int done) {
    if (jobs.size() > 1) {
      context.info("done: " + names(jobs.subList(0, done)) + "; failed: "
          + jobs.get(done).name() + "; not tried: "
          + names(jobs.subList(done + 1, jobs.size())));
    }
  }

  private static String names(List<Job> jobs) {
    return jobs.isEmpty() ? "none" : jobs.stream().map(Job::name).collect(Collectors.joining(", "));
  }

  /**
   * A definition that was given, as programs see it.
   *
   * @param result created, unchanged, replaced or kept
   * @param version of the stored definition; null for a job that would be created
   * @param differences of the stored definition to the given one
   */
  record DefinitionDocument(
      String job, String result, @Nullable Integer version, List<Difference> differences) {

    static final Layout<DefinitionDocument> LAYOUT = Layout.of(
        DefinitionDocument::job,
        Column.of("JOB", DefinitionDocument::job),
        new Column<>(
            "RESULT",
            each -> new Cell(each.result, each.result.equals("kept") ? Style.ODD : Style.GOOD)),
        Column.of("VERSION", each -> each.version == null ? "" : each.version),
        Column.of(
            "STORED → GIVEN",
            each -> each.differences.stream()
                .map(Difference::toString)
                .collect(Collectors.joining("; "))));

    /** Describes what a dry run finds. */
    static DefinitionDocument planned(StoredAndGiven job, DefinitionPolicy policy) {
      return of(job, policy, job.stored().map(view -> view.version()).orElse(null));
    }

    /** Describes a definition that was stored. */
    static DefinitionDocument done(StoredAndGiven job, DefinitionPolicy policy, int version) {
      return of(job, policy, version);
    }

    private static DefinitionDocument of(
        StoredAndGiven job, DefinitionPolicy policy, @Nullable Integer version) {
      return new DefinitionDocument(
          job.given().name(), result(job, policy), version, job.differences());
    }

    private static String result(StoredAndGiven job, DefinitionPolicy policy) {
      if (job.stored().isEmpty()) {
        return "created";
      }
      if (!job.isDifferent()) {
        return "unchanged";
      }
      return policy == DefinitionPolicy.REPLACE ? "replaced" : "kept";
    }
  }
}
