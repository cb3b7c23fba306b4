package io.zookit.console.http;

import io.zookit.views.ViewJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** A request and its answer. */
final class HttpExchange {

  private static final String PROBLEM = "application/problem+json";
  private static final String JSON = "application/json";
  private static final int RETRY_AFTER = 2;

  private final Request request;
  private final Response response;
  private final Callback callback;
  private boolean read;
  private byte @Nullable [] body;

  HttpExchange(Request request, Response response, Callback callback) {
    this.request = request;
    this.response = response;
    this.callback = callback;
  }

  Request request() {
    return request;
  }

  Response response() {
    return response;
  }

  Callback callback() {
    return callback;
  }

  String method() {
    return request.getMethod();
  }

  /** The path as it was sent. */
  String path() {
    String path = request.getHttpURI().getPath();
    return path == null || path.isEmpty() ? "/" : path;
  }

  String address() {
    return Request.getRemoteAddr(request);
  }

  @Nullable
  String header(String name) {
    return request.getHeaders().get(name);
  }

  /**
   * The body, which is read once.
   *
   * @return empty if it is longer than that
   */
  Optional<byte[]> readBody(int most) throws IOException {
    if (!read) {
      read = true;
      if (request.getLength() <= most) {
        try (InputStream in = Content.Source.asInputStream(request)) {
          byte[] bytes = in.readNBytes(most + 1);
          body = bytes.length > most ? null : bytes;
        }
      }
    }
    return Optional.ofNullable(body);
  }

  /** Tells if the connection can take another request. */
  boolean isReadToTheEnd() {
    return request.getLength() == 0 || body != null || method().equals("GET");
  }

  void set(String name, String value) {
    HttpFields.Mutable headers = response.getHeaders();
    headers.put(name, value);
  }

  void send(Problem problem) {
    if (problem.status() == 503) {
      set("Retry-After", String.valueOf(RETRY_AFTER));
    }
    if (problem.status() == 401) {
      set("WWW-Authenticate", "Bearer");
    }
    send(problem.status(), PROBLEM, ViewJson.write(problem).getBytes(StandardCharsets.UTF_8));
  }

  void send(Rendered answer) {
    if (answer.failure() != null) {
      send(Problem.of(answer.failure()));
      return;
    }
    if (!answer.etag().isEmpty() && answer.status() == 200) {
      set("ETag", answer.etag());
    }
    long age = answer.age().plus(Duration.ofMillis(999)).toSeconds();
    if (age > 0) {
      set("Age", String.valueOf(age));
    }
    send(answer.status(), JSON, answer.json());
  }

  /** Answers that what the client has is current. */
  void sendNotModified(String etag) {
    set("ETag", etag);
    send(304, JSON, new byte[0]);
  }

  void send(int status, String type, byte[] body) {
    response.setStatus(status);
    if (status != 204 && status != 304) {
      set("Content-Type", type);
    }
    response.write(true, ByteBuffer.wrap(body), callback);
  }
}
