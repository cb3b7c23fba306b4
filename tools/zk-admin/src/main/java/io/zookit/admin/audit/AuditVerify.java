package io.zookit.admin.audit;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.core.audit.AuditLog;
import picocli.CommandLine.Command;

/** Verifies the chain of the audit. */
@Command(
    name = "verify",
    description = {
      "Prove by the chain of hashes that no entry was changed or removed; the exit code is 5 if one was.",
      "Keep the hash of the newest entry elsewhere to prove it later."
    },
    footer = "  zookit audit verify")
final class AuditVerify extends AuditVerb {

  AuditVerify(Shell shell) {
    super(shell);
  }

  @Override
  ExitCode run(AuditLog audit) throws InterruptedException {
    AuditVerificationDocument verified = AuditVerificationDocument.of(audit.verify());
    shell().output().show(verified, AuditVerificationDocument.LAYOUT);
    return verified.intact() ? ExitCode.OK : ExitCode.REJECTED;
  }
}
