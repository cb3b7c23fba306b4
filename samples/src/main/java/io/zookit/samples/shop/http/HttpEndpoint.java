package io.zookit.samples.shop.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A small HTTP server on a free port of this machine; each request has a thread of its own. */
public final class HttpEndpoint implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);
  private static final ServiceReply UNKNOWN = new ServiceReply(404, "unknown");

  private final HttpServer server;
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private final Map<String, RequestHandler> handlers = new ConcurrentHashMap<>();

  private HttpEndpoint(HttpServer server) {
    this.server = server;
    server.setExecutor(workers);
    server.createContext("/", this::serve);
  }

  /** Starts a server without handlers. */
  public static HttpEndpoint start() {
    try {
      InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      HttpEndpoint endpoint = new HttpEndpoint(HttpServer.create(anyPort, 0));
      endpoint.server.start();
      return endpoint;
    } catch (IOException e) {
      throw new UncheckedIOException("no port to serve on", e);
    }
  }

  /** Adds the handler of a method and path. */
  public HttpEndpoint on(String method, String path, RequestHandler handler) {
    handlers.put(method + " " + path, handler);
    return this;
  }

  /** Returns the address of the server. */
  public String host() {
    return server.getAddress().getAddress().getHostAddress();
  }

  /** Returns the port of the server. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      ServiceReply reply = answer(exchange);
      byte[] body = reply.text().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
      if (body.length > 0) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private ServiceReply answer(HttpExchange exchange) {
    try {
      ServiceRequest request = ServiceRequest.received(exchange);
      RequestHandler handler = handlers.get(request.method() + " " + request.path());
      return handler == null ? UNKNOWN : handler.answer(request);
    } catch (IllegalArgumentException e) {
      return new ServiceReply(400, String.valueOf(e.getMessage()));
    } catch (Exception e) {
      LOG.warn("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
      return new ServiceReply(500, e.toString());
    }
  }
}
