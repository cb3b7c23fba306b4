package io.zookit.admin.job;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.scheduler.JobLedger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a job now. */
@Command(
    name = "trigger",
    description = {
      "Run a job now, or as soon as the run that is on ends; also while it is paused.",
      "It is run once, however often this is repeated with the same --id."
    },
    footer = {
      "  zookit job trigger nightly-report",
      "  zookit job trigger nightly-report --id ticket-17 --param day=2026-11-20",
      "  zookit job trigger nightly-report -m 'the first run had no data'"
    })
final class JobTrigger extends JobChangeVerb {

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "What tells this trigger from others. Default: made up.")
  private String id = "";

  @Option(names = "--param", paramLabel = "NAME=VALUE", description = "A parameter of the run.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  JobTrigger(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(JobLedger ledger) throws InterruptedException {
    String used = id.isEmpty() ? "cli-" + UUID.randomUUID() : id;
    boolean made = ledger.trigger(job(), used, parameters, reason());
    shell().output().show(new TriggerDocument(job(), used, made), TriggerDocument.LAYOUT);
    return ExitCode.OK;
  }
}
