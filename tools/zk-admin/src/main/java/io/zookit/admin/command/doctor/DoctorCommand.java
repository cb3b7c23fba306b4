package io.zookit.admin.command.doctor;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Looks at a connection from end to end. */
@Command(
    name = "doctor",
    description = {
      "Say what is wrong with a connection: settings, servers, session, root, rights, clock.",
      "It changes nothing, except that a connection that may take locks holds zookit-doctor for a moment, to read the",
      "server's time."
    },
    footer = {"  zookit doctor", "  zookit doctor --connect zk1:2181,zk2:2181 -o json"})
public final class DoctorCommand implements Callable<ExitCode> {

  private final CommandContext context;

  /** Creates the commands of a context. */
  public DoctorCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public ExitCode call() throws InterruptedException {
    List<Finding> findings = new Examination(context).findings();
    context.output().list(findings, Finding.LAYOUT);
    return findings.stream()
        .map(Finding::code)
        .filter(code -> code != ExitCode.OK)
        .findFirst()
        .orElse(ExitCode.OK);
  }
}
