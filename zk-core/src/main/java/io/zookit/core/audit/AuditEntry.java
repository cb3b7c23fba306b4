package io.zookit.core.audit;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * One change in the audit. Texts that are too long for an entry are cut and end with {@code …}.
 *
 * @param day the day in UTC whose chain it is part of
 * @param number its number in that day, from 1 without a gap
 * @param action what was done: {@code lock.break}, {@code lock.revoke}, {@code job.trigger}, {@code job.pause}, {@code
 *     job.resume}, {@code job.cancel}, {@code job.delete}, {@code service.policy}, {@code access.init}, {@code access.change}; versions to come add
 *     others
 * @param target what it was done to
 * @param detail more about it; empty for nothing
 * @param by the author, as the client claimed; see {@link AuditLog#signAs}
 * @param identities the identities that the servers had authenticated the client's connection as; empty for none
 * @param client the label of the client
 * @param at when, by the clock of the client; 1970 if it cannot be read
 * @param hash the SHA-256 of the entry as it is stored, which the next entry names
 * @param problem why it cannot be read; empty if it can. Else only day, number and hash count
 */
public record AuditEntry(
    LocalDate day,
    int number,
    String action,
    String target,
    String detail,
    String by,
    List<String> identities,
    String client,
    Instant at,
    String hash,
    Optional<String> problem) {

  /** Creates an entry. */
  public AuditEntry {
    identities = List.copyOf(identities);
  }

  @Override
  public String toString() {
    return problem
        .map(reason -> day + " " + number + " cannot be read: " + reason)
        .orElseGet(() -> at + " " + action + " " + target + " by " + by
            + (identities.isEmpty() ? "" : " (" + String.join(", ", identities) + ")")
            + (detail.isEmpty() ? "" : ": " + detail));
  }
}
