package io.zookit.registry.health;

import io.zookit.core.internal.lane.Timeouts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A question an instance asks itself: does it work?
 *
 * <p>That its session lives only proves that one thread does.
 *
 * <p><i>Threads:</i> asked on the client's executor, one at a time.
 */
@FunctionalInterface
public interface HealthCheck {

  /**
   * Asks. May block for a bounded time.
   *
   * @return whether it works
   * @throws IOException if it does not, and why
   */
  boolean passes() throws IOException, InterruptedException;

  /** Returns a check that passes if an address accepts connections. */
  static HealthCheck tcp(String host, int port, Duration timeout) {
    int millis = (int) Math.min(Timeouts.millis(timeout), Integer.MAX_VALUE);
    return () -> {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(host, port), millis);
        return true;
      }
    };
  }

  /** Tells if an address answers a GET with a status of 200 to 299. */
  static HealthCheck http(URI uri, Duration timeout) {
    Duration most = Duration.ofMillis(Integer.MAX_VALUE); // what the HTTP client can count
    Duration bounded = timeout.compareTo(most) < 0 ? timeout : most;
    HttpClient client = HttpClient.newBuilder().connectTimeout(bounded).build();
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(bounded).build();
    return () -> {
      int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status / 100 != 2) {
        throw new IOException(uri + ": answered " + status);
      }
      return true;
    };
  }

  /** Whatever a function says. One that throws says no. */
  static HealthCheck of(BooleanSupplier function) {
    return function::getAsBoolean;
  }
}
