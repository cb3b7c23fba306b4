package io.zookit.console.resource;

import java.time.Duration;
import java.util.Optional;

/**
 * The answer of an endpoint.
 *
 * @param body a shape; null for none
 * @param etag identifies the body; empty for one that is derived from it
 * @param age how old what it shows is; zero while it is followed live
 */
public record ApiReply(
    int status,
    @org.jspecify.annotations.Nullable Object body,
    Optional<String> etag,
    Duration age) {

  static ApiReply ok(Object body) {
    return new ApiReply(200, body, Optional.empty(), Duration.ZERO);
  }

  static ApiReply created(Object body) {
    return new ApiReply(201, body, Optional.empty(), Duration.ZERO);
  }

  static ApiReply done() {
    return new ApiReply(204, null, Optional.empty(), Duration.ZERO);
  }

  ApiReply tagged(String tag) {
    return new ApiReply(status, body, Optional.of(tag), age);
  }

  ApiReply aged(Duration old) {
    return new ApiReply(status, body, etag, old);
  }
}
