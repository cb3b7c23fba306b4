package io.zookit.registry.http;

import io.zookit.registry.InstanceProbe;
import io.zookit.registry.ServiceInstance;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Probe that sends a GET to instances that vanished, for example to the path of their health check: an answer with a
 * status of 200 to 299 names the id in the header {@value #HEADER}. The body is not read.
 */
public final class HttpProbe implements InstanceProbe {

  /** The header with the id. */
  public static final String HEADER = "Zookit-Instance";

  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final HttpClient client;
  private final String path;

  private HttpProbe(HttpClient client, String path) {
    this.client = client;
    this.path = path;
  }

  /**
   * Asks with a client, which stays the caller's.
   *
   * @param path where the main port answers, such as {@code /health}
   */
  public static HttpProbe of(HttpClient client, String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("path: \"" + path + "\" (expected: /...)");
    }
    return new HttpProbe(client, path);
  }

  @Override
  public CompletionStage<Optional<String>> whoIsAt(ServiceInstance instance) {
    URI uri = URI.create("http://" + instance.address() + path);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
    return client
        .sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
        .thenApply(HttpProbe::idIn);
  }

  private static Optional<String> idIn(HttpResponse<InputStream> response) {
    try (InputStream unread = response.body()) {
      return response.statusCode() / 100 == 2
          ? response.headers().firstValue(HEADER)
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return "GET " + path;
  }
}
