package io.zookit.console.http;

import io.zookit.console.auth.Authenticator;
import io.zookit.console.follow.RoleSessions;
import io.zookit.console.resource.ConsoleApi;
import io.zookit.core.Timekeeper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.KeyStoreScanner;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The HTTP server of a console. */
public final class ConsoleServer implements AutoCloseable {

  private static final int MOST_THREADS = 32;
  private static final int LEAST_THREADS = 8;
  private static final int COMPUTING_THREADS = 4;
  private static final int MOST_CONNECTIONS = 4_096;
  private static final int IDLE_MILLIS = 75_000;
  private static final int HEADER_BYTES = 8_192;

  private final Server server;
  private final ServerConnector connector;
  private final ConsoleHandler handler;
  private final ExecutorService computing;

  private ConsoleServer(
      Server server, ServerConnector connector, ConsoleHandler handler, ExecutorService computing) {
    this.server = server;
    this.connector = connector;
    this.handler = handler;
    this.computing = computing;
  }

  /** Starts a server; the sessions stay the caller's. */
  public static ConsoleServer start(
      HttpSettings settings,
      RoleSessions sessions,
      Authenticator authenticator,
      Timekeeper timekeeper) {
    QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, LEAST_THREADS);
    threads.setName("zookit-console-http");
    threads.setDaemon(true);
    Server server = new Server(threads);
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendXPoweredBy(false);
    configuration.setRequestHeaderSize(HEADER_BYTES);
    configuration.setUriCompliance(UriCompliance.RFC3986);
    ServerConnector connector = connector(server, configuration, settings);
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setIdleTimeout(IDLE_MILLIS);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, connector));
    server.setErrorHandler((request, response, callback) -> {
      HttpExchange exchange = new HttpExchange(request, response, callback);
      SecurityHeaders.set(exchange, settings.isSecure());
      int status = response.getStatus() < 400 ? 500 : response.getStatus();
      exchange.send(Problem.of(status, "bad-request", "the request cannot be answered"));
      return true;
    });
    ExecutorService computing = Executors.newFixedThreadPool(COMPUTING_THREADS, daemons());
    ConsoleHandler handler;
    try {
      connector.open();
      int port = connector.getLocalPort();
      handler = new ConsoleHandler(
          sessions,
          authenticator,
          timekeeper,
          settings,
          new RequestOrigin(settings, port),
          new SessionCookie(settings, port),
          new RouteTable(ConsoleApi.endpoints()),
          new Feeds(timekeeper, computing));
      server.setHandler(handler);
      server.start();
    } catch (IOException e) {
      computing.shutdownNow();
      throw new UncheckedIOException(
          "cannot listen on " + settings.host() + ":" + settings.port(), e);
    } catch (Exception e) {
      computing.shutdownNow();
      throw new IllegalStateException("the HTTP server does not start", e);
    }
    return new ConsoleServer(server, connector, handler, computing);
  }

  private static ServerConnector connector(
      Server server, HttpConfiguration configuration, HttpSettings settings) {
    HttpConnectionFactory http = new HttpConnectionFactory(configuration);
    if (settings.tls().isEmpty()) {
      return new ServerConnector(server, 1, 1, http);
    }
    // Which names are served is the concern of RequestOrigin, also for clients that send none.
    configuration.addCustomizer(new SecureRequestCustomizer(false));
    SslContextFactory.Server context = settings.tls().get().context();
    server.addBean(new KeyStoreScanner(context));
    return new ServerConnector(
        server, 1, 1, new SslConnectionFactory(context, http.getProtocol()), http);
  }

  private static ThreadFactory daemons() {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "zookit-console-follow-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** The port that it listens on. */
  public int port() {
    return connector.getLocalPort();
  }

  /** The number of requests that wait for a change: event streams and long polls. */
  public int waiting() {
    return handler.waiting();
  }

  @Override
  public void close() {
    computing.shutdownNow();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server does not stop", e);
    }
  }
}
