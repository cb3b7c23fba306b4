package io.zookit.console.http;

import io.zookit.config.ConfigConflictException;
import io.zookit.config.ConfigNotFoundException;
import io.zookit.config.ConfigRefusedException;
import io.zookit.config.ConfigRejectedException;
import io.zookit.config.ConfigUnknownException;
import io.zookit.config.format.MalformedContentException;
import io.zookit.console.resource.ApiException;
import io.zookit.core.IncarnationException;
import io.zookit.core.ZkAccessException;
import io.zookit.core.ZkException;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.id.IdNotFoundException;
import io.zookit.lock.inspect.LockNotFoundException;
import io.zookit.scheduler.JobConflictException;
import io.zookit.scheduler.UnknownJobException;
import java.util.List;
import org.eclipse.jetty.http.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An error as RFC 9457 describes it.
 *
 * @param type a URN that names the kind of error
 * @param problems the single problems of what was sent; none for most errors
 */
record Problem(String type, String title, int status, String detail, List<String> problems) {

  private static final Logger log = LoggerFactory.getLogger(Problem.class);
  private static final String URN = "urn:zookit:problem:";

  static Problem of(int status, String type, String detail) {
    return new Problem(URN + type, title(status), status, detail, List.of());
  }

  /** The error that an exception is answered with; an unexpected one is logged, and its text is not sent. */
  static Problem of(Throwable failure) {
    String detail = String.valueOf(failure.getMessage());
    if (failure instanceof ApiException known) {
      return new Problem(
          URN + known.type(),
          title(known.status()),
          known.status(),
          known.detail(),
          known.problems());
    }
    if (failure instanceof ConfigRejectedException rejected) {
      return new Problem(URN + "rejected", title(422), 422, detail, rejected.problems());
    }
    if (failure instanceof HttpException http) {
      return of(http.getCode(), "bad-request", "the request is malformed");
    }
    Problem known = ofLibrary(failure, detail);
    if (known != null) {
      return known;
    }
    log.error("a request failed", failure);
    return of(500, "internal", "an unexpected error; the log of the console has it");
  }

  private static @org.jspecify.annotations.Nullable Problem ofLibrary(
      Throwable failure, String detail) {
    if (failure instanceof ConfigConflictException) {
      return of(412, "conflict", detail);
    }
    if (failure instanceof ConfigRefusedException || failure instanceof JobConflictException) {
      return of(409, "refused", detail);
    }
    if (failure instanceof MalformedContentException) {
      return new Problem(URN + "rejected", title(422), 422, "malformed content", List.of(detail));
    }
    if (failure instanceof ConfigNotFoundException
        || failure instanceof LockNotFoundException
        || failure instanceof UnknownJobException
        || failure instanceof IdNotFoundException) {
      return of(404, "not-found", detail);
    }
    if (failure instanceof ZkAccessException) {
      return of(403, "forbidden", "ZooKeeper's access lists refuse this to the role");
    }
    if (failure instanceof ConfigUnknownException) {
      return of(503, "outcome-unknown", detail);
    }
    if (failure instanceof ZkUnavailableException
        || failure instanceof ZkTimeoutException
        || failure instanceof IncarnationException) {
      return of(503, "unavailable", detail);
    }
    if (failure instanceof InterruptedException) {
      return of(503, "unavailable", "the console is being closed");
    }
    if (failure instanceof IllegalArgumentException) {
      return of(400, "bad-request", detail);
    }
    return failure instanceof ZkException ? of(500, "failed", detail) : null;
  }

  private static String title(int status) {
    return switch (status) {
      case 400 -> "Bad request";
      case 401 -> "Authentication required";
      case 403 -> "Forbidden";
      case 404 -> "Not found";
      case 405 -> "Method not allowed";
      case 409 -> "Refused";
      case 412 -> "Conflict";
      case 413 -> "Body too large";
      case 415 -> "Unsupported media type";
      case 421 -> "Unknown host";
      case 422 -> "Rejected";
      case 428 -> "Precondition required";
      case 429 -> "Too many attempts";
      case 503 -> "Unavailable";
      default -> status < 500 ? "Bad request" : "Failed";
    };
  }
}
