package io.zookit.console.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.zookit.console.ConsoleWorld;
import io.zookit.console.follow.RoleCredentials;
import io.zookit.core.Role;
import io.zookit.testkit.ZkServerExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The checks in front of the endpoints. */
class ConsoleServerIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final ConsoleWorld console = new ConsoleWorld(zooKeeper.connectString(), zooKeeper.freshRoot());

  @Test
  void answer_everyKindOfAnswer_hasTheSecurityHeaders() throws Exception {
    console.start();
    for (String path : new String[] {"/", "/page/console.js", "/api/v1/me", "/nothing", "/%"}) {
      String answer = raw("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + console.port());
      assertThat(answer)
          .as(path)
          .contains("Content-Security-Policy: default-src 'none'; script-src 'self'")
          .contains("frame-ancestors 'none'")
          .contains("X-Content-Type-Options: nosniff")
          .contains("Referrer-Policy: no-referrer")
          .doesNotContain("Server:")
          .doesNotContain("Access-Control-");
    }
  }

  @Test
  void answer_unknownHost_isRefusedEvenForPublicFiles() throws Exception {
    console.start();
    for (String host : new String[] {
      "evil.example:" + console.port(),
      "127.0.0.1",
      "127.0.0.1:1",
      "localhost.evil:" + console.port()
    }) {
      assertThat(raw("GET / HTTP/1.1\r\nHost: " + host)).as(host).startsWith("HTTP/1.1 421 ");
    }
    assertThat(raw("GET / HTTP/1.1\r\nHost: LOCALHOST:" + console.port()))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void answer_withoutCredentials_is401ForEveryPathButPublicOnes() throws Exception {
    console.start();
    for (String path : new String[] {
      "/api/v1/namespaces",
      "/api/v1/unknown",
      "/unknown",
      "/page/../secret",
      "/api/v1/login",
      "/.git/config",
      "/META-INF/MANIFEST.MF"
    }) {
      assertThat(console.send(console.request(path).GET()).statusCode())
          .as(path)
          .isEqualTo(401);
    }
    assertThat(console.send(console.request("/").GET()).statusCode()).isEqualTo(200);
    assertThat(console.send(console.request("/openapi.yaml").GET()).statusCode())
        .isEqualTo(200);
    assertThat(console
            .send(console
                .request("/api/v1/me")
                .header("Authorization", "Basic YTpi")
                .GET())
            .statusCode())
        .isEqualTo(401);
  }

  @Test
  void login_link_setsACookieThatOnlyPagesOfThisConsoleCanUse() throws Exception {
    console.start();
    HttpResponse<String> login = login(console.link(Role.OPERATOR));
    assertThat(login.statusCode()).isEqualTo(200);
    String header = login.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(header)
        .startsWith("zookit-console-" + console.port() + "=")
        .contains("; Path=/")
        .contains("; HttpOnly")
        .contains("; SameSite=Strict")
        .doesNotContain("Secure");
    String cookie = header.substring(0, header.indexOf(';'));

    JsonNode me = ConsoleWorld.parse(console
        .send(console.request("/api/v1/me").header("Cookie", cookie).GET())
        .body());
    assertThat(me.path("name").textValue()).isEqualTo("ada");
    assertThat(me.path("role").textValue()).isEqualTo("operator");
    assertThat(me.path("secured").booleanValue()).isFalse();

    assertThat(status(change(cookie))).as("without the header of the page").isEqualTo(403);
    assertThat(status(
            change(cookie).header("X-Zookit-Console", "1").header("Origin", "http://evil.example")))
        .as("of another origin")
        .isEqualTo(403);
    assertThat(status(
            change(cookie).header("X-Zookit-Console", "1").header("Sec-Fetch-Site", "cross-site")))
        .as("across sites")
        .isEqualTo(403);
    assertThat(status(change(cookie)
            .header("X-Zookit-Console", "1")
            .header("Sec-Fetch-Site", "same-origin")
            .header("Origin", "http://127.0.0.1:" + console.port())))
        .as("of the page: the job does not exist")
        .isEqualTo(404);
    assertThat(status(console
            .request("/api/v1/namespaces")
            .header("Cookie", cookie)
            .header("Sec-Fetch-Site", "cross-site")
            .GET()))
        .as("reading across sites")
        .isEqualTo(403);

    HttpResponse<String> logout = console.send(console
        .request("/api/v1/logout")
        .header("Cookie", cookie)
        .header("X-Zookit-Console", "1")
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString("{}")));
    assertThat(logout.statusCode()).isEqualTo(204);
    assertThat(status(console.request("/api/v1/me").header("Cookie", cookie).GET()))
        .isEqualTo(401);
  }

  @Test
  void login_wrongSecretOrCrossSite_isRefused() throws Exception {
    console.start();
    assertThat(login("wrong").statusCode()).isEqualTo(401);
    String secret = console.link(Role.VIEWER);
    HttpResponse<String> foreign = console.send(console
        .request("/api/v1/login")
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString("{\"secret\":\"" + secret + "\"}")));
    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(login(secret).statusCode()).isEqualTo(200);
    assertThat(login(secret).statusCode()).as("used").isEqualTo(401);
  }

  @Test
  void body_tooLargeOfAnotherTypeOrUnknownFields_isRefused() throws Exception {
    console.start();
    String path = "/jobs/report/pause";
    assertThat(console
            .post(Role.ADMIN, path, "{\"reason\":\"" + "a".repeat(3 << 20) + "\"}")
            .statusCode())
        .isEqualTo(413);
    assertThat(status(console
            .as(Role.ADMIN, path)
            .header("Content-Type", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))))
        .isEqualTo(415);
    for (String wrong : new String[] {
      "",
      "[]",
      "null",
      "{",
      "{\"reason\":1}",
      "{\"reason\":\"a\",\"x\":1}",
      "{\"reason\":\"a\"} x",
      "{\"reason\":\"a\",\"reason\":\"b\"}",
      "[".repeat(50),
      "{\"reason\":null}"
    }) {
      HttpResponse<String> answer = console.post(Role.ADMIN, "/lock-revocations", wrong);
      assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
      JsonNode problem = ConsoleWorld.parse(answer.body());
      assertThat(problem.path("type").textValue()).startsWith("urn:zookit:problem:");
      assertThat(problem.path("status").intValue()).isEqualTo(400);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    }
  }

  @Test
  void headers_tooLarge_areRefused() throws Exception {
    console.start();
    assertThat(raw(
            "GET / HTTP/1.1\r\nHost: 127.0.0.1:" + console.port() + "\r\nX: " + "a".repeat(20_000)))
        .startsWith("HTTP/1.1 431 ");
  }

  @Test
  void answer_behindProxy_isServedUnderItsNameWithASecureCookie() throws Exception {
    console.start(
        RoleCredentials.none(),
        new HttpSettings("127.0.0.1", 0, Optional.of("console.example.com"), false));
    String body = "{\"secret\":\"" + console.link(Role.VIEWER) + "\"}";
    String answer = raw(
        "POST /api/v1/login HTTP/1.1\r\nHost: console.example.com\r\n"
            + "X-Zookit-Console: 1\r\nOrigin: https://console.example.com\r\n"
            + "Content-Type: application/json\r\nContent-Length: " + body.length(),
        body);

    assertThat(answer)
        .startsWith("HTTP/1.1 200 ")
        .contains("Strict-Transport-Security: max-age=")
        .containsPattern("Set-Cookie: __Host-zookit=[^;]+; Max-Age=\\d+; Path=/; HttpOnly;"
            + " SameSite=Strict; Secure");
  }

  @Test
  void change_readOnlyConsole_isRefusedForEveryRole() throws Exception {
    console.start(RoleCredentials.none(), true);
    for (Role role : RoleCredentials.ROLES) {
      assertThat(console.post(role, "/jobs/report/pause", "{\"reason\":\"x\"}").statusCode())
          .as(role.toString())
          .isEqualTo(403);
    }
  }

  private HttpResponse<String> login(String secret) throws Exception {
    return console.send(console
        .request("/api/v1/login")
        .header("Content-Type", "application/json")
        .header("X-Zookit-Console", "1")
        .POST(HttpRequest.BodyPublishers.ofString("{\"secret\":\"" + secret + "\"}")));
  }

  private HttpRequest.Builder change(String cookie) {
    return console
        .request("/api/v1/jobs/report/pause")
        .header("Cookie", cookie)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString("{\"reason\":\"x\"}"));
  }

  private int status(HttpRequest.Builder request) throws Exception {
    return console.send(request).statusCode();
  }

  private String raw(String head) throws IOException {
    return raw(head, "");
  }

  /** Sends what no proper client would. */
  private String raw(String head, String body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), console.port())) {
      socket.setSoTimeout((int) ConsoleWorld.LONG.toMillis());
      socket
          .getOutputStream()
          .write((head + "\r\nConnection: close\r\n\r\n" + body).getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }
}
