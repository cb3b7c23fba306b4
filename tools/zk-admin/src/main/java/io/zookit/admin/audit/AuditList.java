package io.zookit.admin.audit;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.ReadFailures;
import io.zookit.admin.shell.Shell;
import io.zookit.core.audit.AuditEntry;
import io.zookit.core.audit.AuditLog;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the newest entries. */
@Command(
    name = "list",
    description = {
      "List who broke or revoked locks, controlled jobs, and changed policies of services and of access, newest first.",
      "BY is what the client claimed, IDENTITIES what the servers had authenticated. Changes of the configuration: `zookit config audit`.",
      "What cannot be read is a row with the reason; then the exit code is 1."
    },
    footer = {"  zookit audit list", "  zookit audit list -n 100 -o json"})
final class AuditList extends AuditVerb {

  @Option(names = "-n", paramLabel = "N", description = "At most so many. Default: 20.")
  private int most = 20;

  AuditList(Shell shell) {
    super(shell);
  }

  @Override
  ExitCode run(AuditLog audit) throws InterruptedException {
    ReadFailures failures = new ReadFailures();
    List<AuditEntryDocument> rows = new ArrayList<>();
    for (AuditEntry entry : audit.newest(most)) {
      rows.add(AuditEntryDocument.of(entry));
      entry.problem().ifPresent(reason -> failures.add(entry.day() + "/" + entry.number(), reason));
    }
    shell().output().list(rows, AuditEntryDocument.LAYOUT);
    return failures.code(shell());
  }
}
