package io.zookit.console.http;

import io.zookit.console.auth.Authenticator;
import io.zookit.console.auth.Authenticator.Authentication;
import io.zookit.console.auth.Subject;
import io.zookit.console.follow.RoleSessions;
import io.zookit.console.resource.ApiException;
import io.zookit.console.resource.ApiReply;
import io.zookit.console.resource.Endpoint;
import io.zookit.console.resource.JsonFields;
import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Logging in and out, and the subject of the session. */
final class LoginEndpoints {

  static final String LOGIN = Endpoint.PREFIX + "/login";
  static final String LOGOUT = Endpoint.PREFIX + "/logout";
  static final String ME = Endpoint.PREFIX + "/me";

  private static final int LONGEST_SECRET = 256;

  private final RoleSessions sessions;
  private final Authenticator authenticator;
  private final Timekeeper timekeeper;
  private final HttpSettings settings;
  private final SessionCookie cookie;

  LoginEndpoints(
      RoleSessions sessions,
      Authenticator authenticator,
      Timekeeper timekeeper,
      HttpSettings settings,
      SessionCookie cookie) {
    this.sessions = sessions;
    this.authenticator = authenticator;
    this.timekeeper = timekeeper;
    this.settings = settings;
    this.cookie = cookie;
  }

  /**
   * The subject that is logged in, and the abilities of this console.
   *
   * @param secured whether each role has an identity of its own at ZooKeeper; if not, there are no access lists
   */
  record LoggedIn(
      String name,
      String role,
      Instant until,
      List<String> roles,
      boolean secured,
      boolean readOnly) {}

  void login(HttpExchange exchange, JsonFields body) {
    Authentication found =
        authenticator.login(exchange.address(), body.only("secret").text("secret", LONGEST_SECRET));
    if (found instanceof Authentication.Throttled) {
      throw new ApiException(429, "too-many-attempts", "too many wrong credentials; wait a minute");
    }
    if (!(found instanceof Authentication.Authenticated known)) {
      throw new ApiException(401, "unauthenticated", "not valid here, used before or expired");
    }
    Subject subject = known.subject();
    long seconds = Duration.between(timekeeper.now(), subject.until()).toSeconds();
    cookie.set(exchange, authenticator.seal(subject), seconds);
    exchange.send(Rendered.of(me(subject)));
  }

  /** Answers a request that needs no session at ZooKeeper; false if it is another one. */
  boolean answer(HttpExchange exchange, Authentication.Authenticated known) {
    if (exchange.path().equals(ME) && exchange.method().equals("GET")) {
      exchange.send(Rendered.of(me(known.subject())));
      return true;
    }
    if (exchange.path().equals(LOGOUT) && exchange.method().equals("POST")) {
      if (!known.byCookie()) {
        throw new ApiException(400, "bad-request", "a bearer token has no session to end");
      }
      authenticator.logout(known.subject());
      cookie.remove(exchange);
      exchange.send(204, "", new byte[0]);
      return true;
    }
    return false;
  }

  private ApiReply me(Subject subject) {
    return new ApiReply(
        200,
        new LoggedIn(
            subject.name(),
            subject.role().toString(),
            subject.until(),
            sessions.roles().stream().map(String::valueOf).toList(),
            sessions.isSecured(),
            settings.readOnly()),
        Optional.empty(),
        Duration.ZERO);
  }
}
