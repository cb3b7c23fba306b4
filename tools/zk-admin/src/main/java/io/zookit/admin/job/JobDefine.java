package io.zookit.admin.job;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.core.ZkException;
import io.zookit.scheduler.DefinitionPolicy;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
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
final class JobDefine extends JobVerb {

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "The file with the definitions; - for the standard input.")
  private String file = "";

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

  JobDefine(Shell shell) {
    super(shell);
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
  protected ExitCode run(JobLedger ledger) throws InterruptedException {
    List<StoredAndGiven> all = StoredAndGiven.of(ledger, JobFile.read(shell(), file));
    requireAllowed(all);
    List<DefinitionDocument> documents =
        all.stream().map(each -> DefinitionDocument.planned(each, policy)).toList();
    if (dryRun) {
      shell().say("would do; nothing was changed");
    } else {
      documents = define(ledger, all);
    }
    shell().output().list(documents, DefinitionDocument.LAYOUT);
    return ExitCode.OK;
  }

  private void requireAllowed(List<StoredAndGiven> all) {
    List<StoredAndGiven> different =
        all.stream().filter(StoredAndGiven::isDifferent).toList();
    if (policy != DefinitionPolicy.VALIDATE || different.isEmpty()) {
      return;
    }
    different.forEach(each -> each.differences()
        .forEach(difference -> shell().say("job " + each.given().name() + ": " + difference)));
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
      shell()
          .say("done: " + names(jobs.subList(0, done)) + "; failed: "
              + jobs.get(done).name() + "; not tried: "
              + names(jobs.subList(done + 1, jobs.size())));
    }
  }

  private static String names(List<Job> jobs) {
    return jobs.isEmpty() ? "none" : jobs.stream().map(Job::name).collect(Collectors.joining(", "));
  }
}
