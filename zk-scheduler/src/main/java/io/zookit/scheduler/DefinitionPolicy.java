package io.zookit.scheduler;

/**
 * Policy for a definition that differs from the stored one. A job that is not defined is created by all of them, and an
 * equal definition changes nothing.
 */
public enum DefinitionPolicy {
  /** The stored definition stays in force; the difference is logged as a warning. */
  CREATE,
  /** The definition is refused with a {@link JobConflictException} that has the differences. */
  VALIDATE,
  /** The given definition replaces the stored one; the difference is logged. */
  REPLACE
}
