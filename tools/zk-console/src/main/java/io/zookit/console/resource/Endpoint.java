package io.zookit.console.resource;

import io.zookit.core.Role;
import io.zookit.core.Subscription;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the API.
 *
 * @param method of HTTP
 * @param template the path, with variables in braces; one with {@code +} in front takes the rest of the path
 * @param roles the roles that may call it
 * @param changing whether it changes what is stored
 * @param source what may change its answer; null if that cannot be followed
 */
public record Endpoint(
    String method,
    String template,
    Set<Role> roles,
    boolean changing,
    EndpointHandler handler,
    @Nullable ChangeSource source) {

  /** The beginning of every path. */
  public static final String PREFIX = "/api/v1";

  private static final Set<Role> READERS =
      Set.copyOf(EnumSet.of(Role.VIEWER, Role.EDITOR, Role.PUBLISHER, Role.OPERATOR, Role.ADMIN));

  /** Answers a call. */
  public interface EndpointHandler {
    /** Answers, waiting for ZooKeeper where it must. */
    ApiReply handle(ApiCall call) throws InterruptedException;
  }

  /** Notifies when an answer may have changed. */
  public interface ChangeSource {
    /** Calls the task now or soon, and after every change, until it is closed. */
    Subscription onChange(ApiCall call, Runnable task);
  }

  static Endpoint get(String template, EndpointHandler handler) {
    return new Endpoint("GET", PREFIX + template, READERS, false, handler, null);
  }

  static Endpoint followed(String template, EndpointHandler handler, ChangeSource source) {
    return new Endpoint("GET", PREFIX + template, READERS, false, handler, source);
  }

  /** Asks something that is too long for a URL. */
  static Endpoint query(String template, EndpointHandler handler) {
    return new Endpoint("POST", PREFIX + template, READERS, false, handler, null);
  }

  static Endpoint change(String template, EndpointHandler handler, Role... roles) {
    return new Endpoint("POST", PREFIX + template, Set.of(roles), true, handler, null);
  }
}
