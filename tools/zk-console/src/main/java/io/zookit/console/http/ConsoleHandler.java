package io.zookit.console.http;

import io.zookit.console.auth.Authenticator;
import io.zookit.console.auth.Authenticator.Authentication;
import io.zookit.console.auth.Subject;
import io.zookit.console.follow.RoleSession;
import io.zookit.console.follow.RoleSessions;
import io.zookit.console.page.PageFiles;
import io.zookit.console.resource.ApiCall;
import io.zookit.console.resource.ApiException;
import io.zookit.console.resource.Endpoint;
import io.zookit.console.resource.JsonFields;
import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.time.Durations;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/**
 * Answers every request, with its checks in this order: host, public files, authentication, origin, route, role, session of the
 * role, body.
 *
 * <p><i>Threads:</i> those of the server, which may block while ZooKeeper answers.
 */
final class ConsoleHandler extends Handler.Abstract {

  private static final int MOST_BYTES = 2 << 20;
  private static final int MOST_WAITING = 4_000;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
  private static final String API = Endpoint.PREFIX + "/";

  private final RoleSessions sessions;
  private final Authenticator authenticator;
  private final Timekeeper timekeeper;
  private final HttpSettings settings;
  private final RequestOrigin origin;
  private final SessionCookie cookie;
  private final LoginEndpoints logins;
  private final RouteTable routes;
  private final Feeds feeds;
  private final Semaphore waiting = new Semaphore(MOST_WAITING);

  ConsoleHandler(
      RoleSessions sessions,
      Authenticator authenticator,
      Timekeeper timekeeper,
      HttpSettings settings,
      RequestOrigin origin,
      SessionCookie cookie,
      RouteTable routes,
      Feeds feeds) {
    this.sessions = sessions;
    this.authenticator = authenticator;
    this.timekeeper = timekeeper;
    this.settings = settings;
    this.origin = origin;
    this.cookie = cookie;
    this.logins = new LoginEndpoints(sessions, authenticator, timekeeper, settings, cookie);
    this.routes = routes;
    this.feeds = feeds;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    HttpExchange exchange = new HttpExchange(request, response, callback);
    SecurityHeaders.set(exchange, settings.isSecure());
    try {
      answer(exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      refuse(exchange, e);
    } catch (RuntimeException | IOException e) {
      refuse(exchange, e);
    }
    return true;
  }

  /** Answers with an error; a connection on which the body was not read to its end takes no other request. */
  private static void refuse(HttpExchange exchange, Exception failure) {
    if (!exchange.isReadToTheEnd()) {
      exchange.set("Connection", "close");
    }
    exchange.send(Problem.of(failure));
  }

  private void answer(HttpExchange exchange) throws InterruptedException, IOException {
    if (!origin.isKnownHost(exchange)) {
      throw new ApiException(421, "unknown-host", "this console is not served under that name");
    }
    if (exchange.method().equals("GET")) {
      Optional<PageFiles.PageFile> file = PageFiles.find(exchange.path());
      if (file.isPresent()) {
        StaticReply.send(exchange, file.get());
        return;
      }
    }
    if (exchange.path().equals(LoginEndpoints.LOGIN) && exchange.method().equals("POST")) {
      origin.requireOwnPage(exchange);
      logins.login(exchange, body(exchange));
      return;
    }
    Authentication found = authenticator.check(
        exchange.address(), exchange.header("Authorization"), cookie.of(exchange));
    if (found instanceof Authentication.Throttled) {
      throw new ApiException(429, "too-many-attempts", "too many wrong credentials; wait a minute");
    }
    if (!(found instanceof Authentication.Authenticated known)) {
      throw new ApiException(401, "unauthenticated", "no valid session and no valid token");
    }
    if (known.byCookie()) {
      origin.requireSameSite(exchange);
      if (!exchange.method().equals("GET")) {
        origin.requireOwnPage(exchange);
      }
    }
    if (!exchange.method().equals("GET")) {
      exchange.readBody(MOST_BYTES);
    }
    if (!logins.answer(exchange, known)) {
      call(exchange, known.subject());
    }
  }

  private void call(HttpExchange exchange, Subject subject)
      throws InterruptedException, IOException {
    if (!exchange.path().startsWith(API)) {
      throw new ApiException(404, "not-found", "there is no such path");
    }
    RouteTable.MatchedRoute route = routes.find(exchange.method(), exchange.path());
    Endpoint endpoint = route.endpoint();
    if (!endpoint.roles().contains(subject.role())) {
      throw new ApiException(403, "forbidden", "the role " + subject.role() + " may not do this");
    }
    if (endpoint.changing() && settings.readOnly()) {
      throw new ApiException(403, "read-only", "this console is read-only");
    }
    RoleSession session = sessions
        .of(subject.role())
        .orElseThrow(() -> new ApiException(
            403, "role-off", "the role " + subject.role() + " is switched off at this console"));
    ApiCall call = new ApiCall(
        sessions,
        session,
        subject.role(),
        subject.name(),
        route.variables(),
        query(exchange),
        Optional.ofNullable(exchange.header("If-Match")),
        Optional.ofNullable(exchange.header("If-None-Match")),
        exchange.method().equals("POST") ? body(exchange) : JsonFields.none());
    answer(exchange, subject, endpoint, call);
  }

  private void answer(HttpExchange exchange, Subject subject, Endpoint endpoint, ApiCall call)
      throws InterruptedException {
    Duration wait = wait(call);
    if (endpoint.source() != null && acceptsEvents(exchange)) {
      stream(exchange, subject, endpoint, call);
      return;
    }
    Rendered answer = Rendered.of(endpoint.handler().handle(call));
    String known = call.known().orElse("");
    if (!exchange.method().equals("GET") || !answer.etag().equals(known)) {
      exchange.send(answer);
    } else if (wait.isZero() || endpoint.source() == null) {
      exchange.sendNotModified(known);
    } else {
      poll(exchange, endpoint, call, wait);
    }
  }

  private void poll(HttpExchange exchange, Endpoint endpoint, ApiCall call, Duration wait) {
    FollowEnd end = enter();
    LongPoll poll = new LongPoll(exchange, call.known().orElse(""), end);
    end.follow(feeds.join(exchange.path(), endpoint, call.shared(), poll::offer));
    poll.start(timekeeper, wait);
  }

  private void stream(HttpExchange exchange, Subject subject, Endpoint endpoint, ApiCall call) {
    FollowEnd end = enter();
    EventStream stream =
        new EventStream(exchange, timekeeper, () -> authenticator.isValid(subject), end);
    Subscription feed = feeds.join(exchange.path(), endpoint, call.shared(), stream::offer);
    end.follow(feed);
    stream.start();
  }

  /** The number of requests that wait for a change. */
  int waiting() {
    return MOST_WAITING - waiting.availablePermits();
  }

  /** Counts a waiting request. */
  private FollowEnd enter() {
    if (!waiting.tryAcquire()) {
      throw new ApiException(503, "unavailable", "too many requests are waiting");
    }
    return new FollowEnd(waiting::release);
  }

  private static boolean acceptsEvents(HttpExchange exchange) {
    String accept = exchange.header("Accept");
    return accept != null && accept.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
  }

  private static Duration wait(ApiCall call) {
    Duration wait = call.parameter("wait").map(Durations::parse).orElse(Duration.ZERO);
    if (wait.compareTo(LONGEST_WAIT) > 0) {
      throw new IllegalArgumentException(
          "wait: " + wait + " (expected: at most " + LONGEST_WAIT + ")");
    }
    return wait;
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new HashMap<>();
    for (Fields.Field field : Request.extractQueryParameters(exchange.request())) {
      if (field.hasMultipleValues()) {
        throw new IllegalArgumentException(field.getName() + ": given twice");
      }
      query.put(field.getName(), field.getValue());
    }
    return query;
  }

  private static JsonFields body(HttpExchange exchange) throws IOException {
    String type = exchange.header("Content-Type");
    if (type == null
        || !type.toLowerCase(Locale.ROOT).matches("application/json(\\s*;\\s*charset=utf-8)?")) {
      throw new ApiException(
          415, "unsupported-media-type", "Content-Type: expected application/json");
    }
    return JsonFields.parse(exchange.readBody(MOST_BYTES).orElseThrow(ConsoleHandler::tooLarge));
  }

  private static ApiException tooLarge() {
    return new ApiException(413, "too-large", "the body is larger than " + MOST_BYTES + " bytes");
  }
}
