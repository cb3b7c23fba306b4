package io.zookit.admin.audit;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.core.audit.AuditVerification;
import java.util.List;

/**
 * A verification of the audit as programs see it.
 *
 * @param intact whether all is as it was written
 * @param entries how many entries were verified
 * @param omitted how many changes have no entry, because their day was full
 * @param newest the hash of the newest entry; empty for none
 * @param problems one line each
 */
record AuditVerificationDocument(
    boolean intact, int entries, int omitted, String newest, List<String> problems) {

  static final Layout<AuditVerificationDocument> LAYOUT = Layout.of(
      AuditVerificationDocument::newest,
      Column.of("INTACT", verified -> verified.intact ? "yes" : "no"),
      Column.of("ENTRIES", AuditVerificationDocument::entries),
      Column.of("OMITTED", AuditVerificationDocument::omitted),
      Column.of("NEWEST", AuditVerificationDocument::newest),
      Column.of("PROBLEMS", verified -> String.join("; ", verified.problems)));

  static AuditVerificationDocument of(AuditVerification verified) {
    return new AuditVerificationDocument(
        verified.isIntact(),
        verified.entries(),
        verified.omitted(),
        verified.newest(),
        verified.problems());
  }
}
