package io.zookit.console.resource;

import io.zookit.config.Namespace;
import io.zookit.console.follow.RoleSession;
import io.zookit.console.follow.RoleSessions;
import io.zookit.core.Role;
import java.util.Map;
import java.util.Optional;

/**
 * One call of an endpoint, authenticated and parsed.
 *
 * @param session the session of the role
 * @param author the authenticated subject, the author of changes
 * @param path the variables of the path, decoded
 * @param query the parameters of the query
 * @param ifMatch the release that a change expects to be stable
 * @param known the entity tag of what the client has
 */
public record ApiCall(
    RoleSessions sessions,
    RoleSession session,
    Role role,
    String author,
    Map<String, String> path,
    Map<String, String> query,
    Optional<String> ifMatch,
    Optional<String> known,
    JsonFields body) {

  private static final int MOST = 1_000;

  /** The call without what is particular to one client, for an answer that all clients of the role share. */
  public ApiCall shared() {
    return new ApiCall(
        sessions,
        session,
        role,
        author,
        path,
        query,
        Optional.empty(),
        Optional.empty(),
        JsonFields.none());
  }

  /** The namespace of the path. */
  Namespace namespace() {
    return Namespace.of(variable("env"), variable("app"), variable("ns"));
  }

  /** A variable of the path. */
  String variable(String name) {
    String value = path.get(name);
    if (value == null) {
      throw new IllegalStateException("the path has no variable " + name);
    }
    return value;
  }

  /** A parameter of the query. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /** The parameter {@code limit}, 1 to 1,000. */
  int limit(int standard) {
    String text = query.getOrDefault("limit", String.valueOf(standard));
    if (!text.matches("[0-9]{1,4}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > MOST) {
      throw new IllegalArgumentException("limit: \"" + text + "\" (expected: 1 to " + MOST + ")");
    }
    return Integer.parseInt(text);
  }

  /** The release that the client expects to be stable, from {@code If-Match: "N"}; 0 for none. */
  int expectedRelease() {
    String text = ifMatch.orElseThrow(
        () -> new ApiException(
            428,
            "precondition-required",
            "If-Match: nothing (expected: the number of the stable release in quotes, \"0\" for none)"));
    if (!text.matches("\"[0-9]{1,9}\"")) {
      throw new IllegalArgumentException("If-Match: expected the number of a release in quotes");
    }
    return Integer.parseInt(text.substring(1, text.length() - 1));
  }
}
