package io.zookit.core.internal.audit;

import java.util.Optional;

/**
 * Description of a change for the audit.
 *
 * @param action what is done, such as {@code lock.break}
 * @param target what it is done to
 * @param detail more about it; empty for nothing
 * @param frequent whether programs do it, and often: such changes leave the last part of a day to the others
 */
public record AuditedChange(
    String action, String target, Optional<String> detail, boolean frequent) {

  /** A change that a person makes. */
  public static AuditedChange of(String action, String target) {
    return new AuditedChange(action, target, Optional.empty(), false);
  }

  /** A copy with more about it. */
  public AuditedChange with(String more) {
    return new AuditedChange(action, target, Optional.of(more), frequent);
  }

  /** A copy that programs make, too. */
  public AuditedChange byPrograms() {
    return new AuditedChange(action, target, detail, true);
  }
}
