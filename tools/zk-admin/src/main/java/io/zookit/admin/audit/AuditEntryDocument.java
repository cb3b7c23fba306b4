package io.zookit.admin.audit;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Tone;
import io.zookit.core.audit.AuditEntry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the audit as programs see it.
 *
 * @param day the day whose chain it is part of
 * @param number its number in that day
 * @param by the author, as the client claimed
 * @param identities the identities that the servers had authenticated
 * @param at when; null if the entry cannot be read
 * @param problem why it cannot be read; null if it can
 */
record AuditEntryDocument(
    String day,
    int number,
    String action,
    String target,
    String detail,
    String by,
    List<String> identities,
    String client,
    @Nullable Instant at,
    String hash,
    @Nullable String problem) {

  static final Layout<AuditEntryDocument> LAYOUT = Layout.of(
      entry -> entry.day + "/" + entry.number,
      Column.of(
          "AT", entry -> entry.at == null ? entry.day : entry.at.truncatedTo(ChronoUnit.SECONDS)),
      new Column<>("ACTION", AuditEntryDocument::actionOrProblem),
      Column.of("TARGET", AuditEntryDocument::target),
      Column.of("BY", AuditEntryDocument::by),
      Column.of("IDENTITIES", entry -> String.join(", ", entry.identities)),
      Column.of("CLIENT", AuditEntryDocument::client),
      Column.of("DETAIL", AuditEntryDocument::detail));

  static AuditEntryDocument of(AuditEntry entry) {
    return new AuditEntryDocument(
        entry.day().toString(),
        entry.number(),
        entry.action(),
        entry.target(),
        entry.detail(),
        entry.by(),
        entry.identities(),
        entry.client(),
        entry.problem().isPresent() ? null : entry.at(),
        entry.hash(),
        entry.problem().orElse(null));
  }

  private Cell actionOrProblem() {
    return problem == null
        ? Cell.of(action)
        : new Cell("entry " + number + " cannot be read: " + problem, Tone.BAD);
  }
}
