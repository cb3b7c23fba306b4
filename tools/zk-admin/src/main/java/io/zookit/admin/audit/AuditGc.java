package io.zookit.admin.audit;

import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.core.audit.AuditLog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Removes expired days of the audit. */
@Command(
    name = "gc",
    description = "Remove the days of the audit that are older than 90 days. Only admins may.",
    footer = {"  zookit audit gc --dry-run", "  zookit audit gc --yes"})
final class AuditGc extends AuditVerb {

  @Mixin
  private Consent consent = new Consent();

  AuditGc(Shell shell) {
    super(shell);
  }

  @Override
  ExitCode run(AuditLog audit) throws InterruptedException {
    int expired = audit.expired().size();
    if (expired == 0) {
      shell().say("no day is older than 90 days");
    } else if (consent.isGiven(shell(), "remove " + expired + " days of the audit")) {
      shell().say(audit.removeExpired().size() + " days removed");
    }
    return ExitCode.OK;
  }
}
