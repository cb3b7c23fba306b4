package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.config.ConfigRole;
import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import java.util.Map;
import java.util.TreeSet;

/**
 * Who plays a role.
 *
 * @param role as the library calls it
 * @param identity who
 */
record Grant(String role, Identity identity) {

  private static final Map<String, String> ROLES = Map.of(
      "application", ConfigRole.APPLICATION,
      "editor", ConfigRole.EDITOR,
      "publisher", ConfigRole.PUBLISHER,
      "keeper", ConfigRole.KEEPER,
      "member", AccessPolicy.MEMBER);

  /** Reads {@code ROLE=SCHEME:ID}. */
  static Grant parse(String text) {
    int equal = text.indexOf('=');
    int colon = text.indexOf(':', equal + 1);
    if (equal < 1 || colon < equal + 2 || colon + 1 == text.length()) {
      throw wrong(text);
    }
    String role = ROLES.get(text.substring(0, equal));
    if (role == null) {
      throw wrong(text);
    }
    return new Grant(
        role, new Identity(text.substring(equal + 1, colon), text.substring(colon + 1)));
  }

  private static CommandException wrong(String text) {
    return new CommandException(
        ExitCode.USAGE,
        "--grant: \"" + text + "\" (expected: ROLE=SCHEME:ID, ROLE one of "
            + String.join(", ", new TreeSet<>(ROLES.keySet())) + ")");
  }

  AccessPolicy addTo(AccessPolicy policy) {
    return policy.withRole(role, identity);
  }
}
