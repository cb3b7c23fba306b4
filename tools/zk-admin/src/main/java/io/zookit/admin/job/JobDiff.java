package io.zookit.admin.job;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.scheduler.JobLedger;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares the jobs of a file with the stored ones. */
@Command(
    name = "diff",
    description = "Compare the jobs of a file with the stored definitions, field by field.",
    footer = {"  zookit job diff -f jobs.yaml", "  zookit job diff -f jobs.yaml --exit-code -o json"
    })
final class JobDiff extends JobVerb {

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "The file with the definitions; - for the standard input.")
  private String file = "";

  @Option(names = "--exit-code", description = "Exit with 1 if there is a difference.")
  private boolean exitCode;

  JobDiff(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(JobLedger ledger) throws InterruptedException {
    List<DifferenceDocument> differences =
        StoredAndGiven.of(ledger, JobFile.read(shell(), file)).stream()
            .flatMap(DifferenceDocument::of)
            .toList();
    shell().output().list(differences, DifferenceDocument.LAYOUT);
    return exitCode && !differences.isEmpty() ? ExitCode.FAILURE : ExitCode.OK;
  }
}
