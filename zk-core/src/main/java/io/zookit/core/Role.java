package io.zookit.core;

import io.zookit.core.internal.codec.Stored;
import java.util.Locale;
import java.util.Optional;

/**
 * A role in an {@link AccessPolicy}. What each role may do with each node is the table in docs/znodes.md.
 *
 * <p>Roles do not contain each other; an identity may play several, and then may do what any of them may.
 */
public enum Role {
  /** Locks, registers, discovers, reads and acknowledges configuration, defines, claims and runs jobs. */
  @Stored("application")
  APPLICATION,
  /** Reads everything, changes nothing. */
  @Stored("viewer")
  VIEWER,
  /** Reads everything and writes drafts of configurations; publishes nothing. */
  @Stored("editor")
  EDITOR,
  /** Makes releases and changes which configuration is in force; removes no release. */
  @Stored("publisher")
  PUBLISHER,
  /**
   * Keeps the cluster in order: breaks locks, disables instances, controls jobs, removes old releases, raises the
   * incarnation.
   */
  @Stored("operator")
  OPERATOR,
  /** Does everything everywhere under the root, and is the only one to change the access policy. */
  @Stored("admin")
  ADMIN;

  /** The role of a name, such as {@code publisher}; names of earlier versions are aliases, {@code member} for admin. */
  public static Optional<Role> named(String name) {
    return Optional.ofNullable(
        switch (name) {
          case "application", "config-application" -> APPLICATION;
          case "viewer" -> VIEWER;
          case "editor", "config-editor" -> EDITOR;
          case "publisher", "config-publisher" -> PUBLISHER;
          case "operator", "config-keeper" -> OPERATOR;
          case "admin", "member" -> ADMIN;
          default -> null;
        });
  }

  /** The name in lower case, as it is stored and typed. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
