package io.zookit.admin.job;

import io.zookit.core.ZkClient;
import io.zookit.core.audit.AuditLog;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for the author and the reason of a change. */
final class ChangeReason {

  @Option(
      names = {"-m", "--message"},
      paramLabel = "TEXT",
      description = "Why; it is entered in the audit.")
  private String message = "";

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who changes it. Default: the user of the connection, else who is logged in.")
  @Nullable
  private String by;

  String message() {
    return message;
  }

  /** Enters the author in the audit of what a client changes from now on. */
  void sign(ZkClient client) {
    if (by != null) {
      AuditLog.in(client).signAs(by);
    }
  }
}
