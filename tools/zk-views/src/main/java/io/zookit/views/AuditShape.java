package io.zookit.views;

import io.zookit.core.audit.AuditEntry;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the audit.
 *
 * @param by the author, as the client claimed
 * @param identities the identities that the servers had authenticated
 * @param at null if the entry cannot be read
 * @param problem why it cannot be read; null if it can
 */
public record AuditShape(
    LocalDate day,
    int number,
    String action,
    String target,
    String detail,
    String by,
    List<String> identities,
    String client,
    @Nullable Instant at,
    String hash,
    Optional<String> problem) {

  /** The shape of an entry. */
  public static AuditShape of(AuditEntry entry) {
    return new AuditShape(
        entry.day(),
        entry.number(),
        entry.action(),
        entry.target(),
        entry.detail(),
        entry.by(),
        entry.identities(),
        entry.client(),
        entry.problem().isPresent() ? null : entry.at(),
        entry.hash(),
        entry.problem());
  }
}
