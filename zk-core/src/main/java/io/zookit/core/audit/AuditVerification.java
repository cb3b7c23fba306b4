package io.zookit.core.audit;

import java.util.List;

/**
 * Result of {@link AuditLog#verify}.
 *
 * @param entries how many entries were verified
 * @param omitted how many changes have no entry, because their day was full
 * @param newest the hash of the newest entry, empty if there is none; keep it elsewhere to prove later that nothing up to it was
 *     changed
 * @param problems one line each; empty if all is as it was written
 */
public record AuditVerification(int entries, int omitted, String newest, List<String> problems) {

  /** Creates a result. */
  public AuditVerification {
    problems = List.copyOf(problems);
  }

  /** Tells if all is as it was written. */
  public boolean isIntact() {
    return problems.isEmpty();
  }
}
