package io.zookit.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zookit.console.auth.Authenticator;
import io.zookit.console.auth.BearerTokens;
import io.zookit.console.auth.LoginLinks;
import io.zookit.console.follow.RoleCredentials;
import io.zookit.console.follow.RoleSessions;
import io.zookit.console.http.ConsoleServer;
import io.zookit.console.http.HttpSettings;
import io.zookit.core.Role;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A console on a server, with a token for each role, and clients of the library. */
public final class ConsoleWorld implements AfterEachCallback {

  /** The longest wait of a test. */
  public static final Duration LONG = Duration.ofMinutes(1);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Deque<AutoCloseable> closing = new ArrayDeque<>();
  private final Map<Role, String> tokens = new HashMap<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final String connect;
  private final String root;
  private final LoginLinks links = new LoginLinks(Timekeeper.system());
  private int port;
  private String scheme = "http";
  private @Nullable ConsoleServer server;

  public ConsoleWorld(String connect, String root) {
    this.connect = connect;
    this.root = root;
  }

  /** Starts a console that uses no identities. */
  public ConsoleWorld start() {
    return start(RoleCredentials.none(), false);
  }

  /** Starts a console. */
  public ConsoleWorld start(RoleCredentials credentials, boolean readOnly) {
    return start(credentials, new HttpSettings("127.0.0.1", 0, Optional.empty(), readOnly));
  }

  public ConsoleWorld start(RoleCredentials credentials, HttpSettings settings) {
    try {
      Path folder = Files.createTempDirectory("console");
      Path file = folder.resolve("tokens");
      Timekeeper time = Timekeeper.system();
      for (Role role : RoleCredentials.ROLES) {
        tokens.put(
            role,
            BearerTokens.create(file, role.toString(), role, time.now().plus(Duration.ofHours(1))));
      }
      RoleSessions sessions = RoleSessions.connect(connect, root, credentials, LONG);
      closing.push(sessions);
      ConsoleServer started = ConsoleServer.start(
          settings,
          sessions,
          new Authenticator(time, links, Optional.of(new BearerTokens(file, time))),
          time);
      closing.push(started);
      port = started.port();
      server = started;
      scheme = settings.tls().isPresent() ? "https" : "http";
      return this;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A client of the library. */
  public ZkClient client(String label) {
    ZkClient client = ZkClient.builder(connect).root(root).label(label).connect();
    closing.push(client);
    return client;
  }

  public void closeLater(AutoCloseable what) {
    closing.push(what);
  }

  public int port() {
    return port;
  }

  /** The number of event streams and long polls. */
  public int waiting() {
    return Objects.requireNonNull(server).waiting();
  }

  public String link(Role role) {
    return links.issue("ada", role);
  }

  public String token(Role role) {
    return tokens.getOrDefault(role, "none");
  }

  public URI uri(String path) {
    return URI.create(scheme + "://127.0.0.1:" + port + path);
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(LONG);
  }

  public HttpRequest.Builder as(Role role, String path) {
    return request("/api/v1" + path).header("Authorization", "Bearer " + token(role));
  }

  /** Sends a request, and holds a good answer to the OpenAPI document. */
  public HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    HttpRequest built = request.build();
    HttpResponse<String> response = http.send(built, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() < 300 && built.uri().getPath().startsWith("/api/")) {
      List<String> problems = OpenApiDocument.problems(
          built.method(), built.uri().getRawPath(), response.statusCode(), response.body());
      if (!problems.isEmpty()) {
        throw new AssertionError(problems + " " + response.body());
      }
    }
    return response;
  }

  public HttpClient http() {
    return http;
  }

  public HttpResponse<String> get(Role role, String path) throws Exception {
    return send(as(role, path).GET());
  }

  public JsonNode json(Role role, String path) throws Exception {
    HttpResponse<String> response = get(role, path);
    if (response.statusCode() != 200) {
      throw new AssertionError(path + ": " + response.statusCode() + " " + response.body());
    }
    return JSON.readTree(response.body());
  }

  public HttpResponse<String> post(Role role, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request = as(role, path)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  public static JsonNode parse(String text) throws IOException {
    return JSON.readTree(text);
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    while (!closing.isEmpty()) {
      closing.pop().close();
    }
  }
}
