package io.zookit.admin.audit;

import io.zookit.admin.shell.Group;
import io.zookit.admin.shell.Shell;
import java.util.List;

/** The commands about the audit of a root. */
public final class AuditGroup {

  private AuditGroup() {}

  /** The group, for a shell. */
  public static Group of(Shell shell) {
    return new Group(
        "audit",
        "who changed locks, jobs, services and the access policy",
        List.of(
            new AuditList(shell),
            new AuditVerify(shell),
            new AuditExport(shell),
            new AuditGc(shell)));
  }
}
