package io.zookit.console.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.console.ConsoleWorld;
import io.zookit.console.follow.RoleCredentials;
import io.zookit.core.Role;
import io.zookit.testkit.ZkServerExtension;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A console that ends TLS itself, with a key that keytool made. */
@Tag("full")
class TlsIT {

  private static final String PASSWORD = "a password of a key store";

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final ConsoleWorld console = new ConsoleWorld(zooKeeper.connectString(), zooKeeper.freshRoot());

  @TempDir
  Path folder = Path.of("");

  private Path keyStore;
  private Path password;

  @BeforeEach
  void makeKey() throws Exception {
    keyStore = folder.resolve("console.p12");
    password = secret("console.pass", PASSWORD + "\n");
    Process keytool = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-keyalg",
            "EC",
            "-dname",
            "CN=127.0.0.1",
            "-ext",
            "san=ip:127.0.0.1",
            "-validity",
            "2",
            "-storetype",
            "PKCS12",
            "-keystore",
            keyStore.toString(),
            "-storepass",
            PASSWORD)
        .inheritIO()
        .start();
    assertThat(keytool.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(keytool.exitValue()).isZero();
    Files.setPosixFilePermissions(keyStore, PosixFilePermissions.fromString("rw-------"));
  }

  private Path secret(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private HttpClient trusting() throws Exception {
    KeyStore trusted = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
    KeyStore certificates = KeyStore.getInstance("PKCS12");
    certificates.load(null, null);
    certificates.setCertificateEntry("console", trusted.getCertificate("mykey"));
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(certificates);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  @Test
  void console_withAKeyStore_servesTlsAndNothingElse() throws Exception {
    console.start(
        RoleCredentials.none(),
        new HttpSettings(
            "127.0.0.1",
            0,
            Optional.of("console.example.com"),
            false,
            Optional.of(TlsKeyStore.open(keyStore, password))));
    HttpClient http = trusting();

    HttpResponse<String> page =
        http.send(console.request("/").GET().build(), HttpResponse.BodyHandlers.ofString());
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Strict-Transport-Security")).isPresent();
    HttpResponse<String> namespaces = http.send(
        console.as(Role.VIEWER, "/namespaces").GET().build(), HttpResponse.BodyHandlers.ofString());
    assertThat(namespaces.statusCode()).isEqualTo(200);

    HttpResponse<String> login = http.send(
        console
            .request(LoginEndpoints.LOGIN)
            .header("Content-Type", "application/json")
            .header(RequestOrigin.OWN, "1")
            .header("Origin", "https://127.0.0.1:" + console.port())
            .POST(HttpRequest.BodyPublishers.ofString(
                "{\"secret\":\"" + console.link(Role.VIEWER) + "\"}"))
            .build(),
        HttpResponse.BodyHandlers.ofString());
    assertThat(login.statusCode()).as(login.body()).isLessThan(300);
    assertThat(login.headers().firstValue("Set-Cookie"))
        .hasValueSatisfying(cookie -> assertThat(cookie).startsWith("__Host-").contains("Secure"));

    HttpRequest plain = HttpRequest.newBuilder(
            java.net.URI.create("http://127.0.0.1:" + console.port() + "/"))
        .build();
    assertThatThrownBy(() -> http.send(plain, HttpResponse.BodyHandlers.ofString()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void open_whatCannotBeUsed_saysWhy() throws Exception {
    assertThatThrownBy(() -> TlsKeyStore.open(keyStore, secret("wrong", "nonsense")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be opened")
        .hasMessageNotContaining("nonsense");
    assertThatThrownBy(() -> TlsKeyStore.open(folder.resolve("none.p12"), password))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--tls-keystore");
    assertThatThrownBy(() -> TlsKeyStore.open(keyStore, secret("empty", "\n")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--tls-password-file");
    assertThatThrownBy(() -> TlsKeyStore.open(secret("text", "no key store"), password))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be opened");
    Files.setPosixFilePermissions(keyStore, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> TlsKeyStore.open(keyStore, password))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("chmod 600");
  }
}
