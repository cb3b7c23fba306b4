package io.zookit.console.auth;

import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates requests by a session cookie or a bearer token.
 *
 * <p><i>Threads:</i> any.
 */
public final class Authenticator {

  /** The longest time for which a session lasts. */
  public static final Duration SESSION = Duration.ofHours(12);

  private static final String BEARER = "Bearer ";

  private final Timekeeper timekeeper;
  private final LoginLinks links;
  private final Optional<BearerTokens> tokens;
  private final SealedSessions sessions;
  private final AttemptLimit attempts;

  /** Creates it; without tokens only login links are accepted. */
  public Authenticator(Timekeeper timekeeper, LoginLinks links, Optional<BearerTokens> tokens) {
    this.timekeeper = timekeeper;
    this.links = links;
    this.tokens = tokens;
    this.sessions = new SealedSessions(timekeeper);
    this.attempts = new AttemptLimit(timekeeper);
  }

  /** Outcome of checking the credentials of a request. */
  public sealed interface Authentication {

    /**
     * They are valid.
     *
     * @param byCookie whether a browser sent them by itself, so that the request needs the proof that a page of this console
     *     made it
     */
    record Authenticated(Subject subject, boolean byCookie) implements Authentication {}

    /** There are none, or they are not valid. */
    record Anonymous() implements Authentication {}

    /** Too many wrong ones came from this address. */
    record Throttled() implements Authentication {}
  }

  /** Checks a request; a bearer token goes before a cookie. */
  public Authentication check(
      String address, @Nullable String authorization, @Nullable String cookie) {
    if (authorization == null && cookie == null) {
      return new Authentication.Anonymous();
    }
    if (authorization != null && attempts.isExceeded(address)) {
      return new Authentication.Throttled();
    }
    Optional<Subject> subject = authorization != null
        ? ofHeader(authorization)
        : Optional.ofNullable(cookie).flatMap(sessions::open).filter(this::isValid);
    if (subject.isEmpty() && authorization != null) {
      attempts.failed(
          address); // an expired cookie does not count: 128 bits of tag cannot be guessed
    }
    return subject
        .<Authentication>map(each -> new Authentication.Authenticated(each, authorization == null))
        .orElseGet(Authentication.Anonymous::new);
  }

  /**
   * Exchanges the secret of a login link, or a bearer token, for a session.
   *
   * @return the subject; empty if the secret is not valid
   */
  public Authentication login(String address, String secret) {
    if (attempts.isExceeded(address)) {
      return new Authentication.Throttled();
    }
    Optional<Subject> subject =
        links.use(secret, SESSION).or(() -> ofToken(secret).map(this::session));
    if (subject.isEmpty()) {
      attempts.failed(address);
    }
    return subject
        .<Authentication>map(each -> new Authentication.Authenticated(each, true))
        .orElseGet(Authentication.Anonymous::new);
  }

  /** Seals a session for a cookie. */
  public String seal(Subject subject) {
    return sessions.seal(subject);
  }

  /** Ends a session; a bearer token ends when it is removed from its file. */
  public void logout(Subject subject) {
    sessions.revoke(subject);
  }

  /** Tells if a subject that was authenticated before is still. */
  public boolean isValid(Subject subject) {
    return sessions.isValid(subject)
        && (subject.token().isEmpty()
            || tokens.map(each -> each.has(subject.token())).orElse(false));
  }

  private Optional<Subject> ofHeader(String authorization) {
    return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? ofToken(authorization.substring(BEARER.length()).strip())
        : Optional.empty();
  }

  private Optional<Subject> ofToken(String token) {
    return tokens.flatMap(each -> each.find(token));
  }

  private Subject session(Subject ofToken) {
    var end = timekeeper.now().plus(SESSION);
    return new Subject(
        ofToken.name(),
        ofToken.role(),
        end.isBefore(ofToken.until()) ? end : ofToken.until(),
        Secrets.random(16),
        ofToken.token());
  }
}
