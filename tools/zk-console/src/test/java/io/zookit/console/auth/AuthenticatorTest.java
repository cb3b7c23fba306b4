package io.zookit.console.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.console.auth.Authenticator.Authentication;
import io.zookit.core.Role;
import io.zookit.testkit.ManualTimekeeper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthenticatorTest {

  private static final String HERE = "127.0.0.1";

  @TempDir
  Path folder;

  private final ManualTimekeeper time = new ManualTimekeeper();
  private final LoginLinks links = new LoginLinks(time);

  private Authenticator withoutTokens() {
    return new Authenticator(time, links, Optional.empty());
  }

  private Authenticator withTokens(Path file) {
    return new Authenticator(time, links, Optional.of(new BearerTokens(file, time)));
  }

  private static Subject subject(Authentication found) {
    assertThat(found).isInstanceOf(Authentication.Authenticated.class);
    return ((Authentication.Authenticated) found).subject();
  }

  private static void assertUnknown(Authentication found) {
    assertThat(found).isInstanceOf(Authentication.Anonymous.class);
  }

  @Test
  void login_linkUsedTwice_worksOnce() {
    Authenticator authenticator = withoutTokens();
    String secret = links.issue("ada", Role.VIEWER);

    Subject first = subject(authenticator.login(HERE, secret));

    assertThat(first.name()).isEqualTo("ada");
    assertThat(first.role()).isEqualTo(Role.VIEWER);
    assertUnknown(authenticator.login(HERE, secret));
  }

  @Test
  void login_linkOfAnotherConsole_isRefused() {
    String elsewhere = new LoginLinks(time).issue("ada", Role.ADMIN);

    assertUnknown(withoutTokens().login(HERE, elsewhere));
  }

  @Test
  void login_afterFifteenMinutes_isRefused() {
    String secret = links.issue("ada", Role.VIEWER);
    time.advance(LoginLinks.VALID);

    assertUnknown(withoutTokens().login(HERE, secret));
  }

  @Test
  void check_sealedSession_isItsSubjectUntilItEnds() {
    Authenticator authenticator = withoutTokens();
    Subject subject = subject(authenticator.login(HERE, links.issue("ada\nadmin", Role.EDITOR)));
    String cookie = authenticator.seal(subject);

    assertThat(subject(authenticator.check(HERE, null, cookie))).isEqualTo(subject);

    time.advance(Authenticator.SESSION);
    assertUnknown(authenticator.check(HERE, null, cookie));
  }

  @Test
  void check_sessionAfterLogout_isRefused() {
    Authenticator authenticator = withoutTokens();
    Subject subject = subject(authenticator.login(HERE, links.issue("ada", Role.EDITOR)));
    String cookie = authenticator.seal(subject);

    authenticator.logout(subject);

    assertUnknown(authenticator.check(HERE, null, cookie));
    assertThat(authenticator.isValid(subject)).isFalse();
  }

  @Test
  void check_sessionOfAnotherProcessOrChanged_isRefused() {
    Authenticator authenticator = withoutTokens();
    Subject subject = subject(authenticator.login(HERE, links.issue("ada", Role.VIEWER)));
    String cookie = authenticator.seal(subject);

    assertUnknown(withoutTokens().check(HERE, null, cookie));
    for (int i = 0; i < cookie.length(); i += 7) {
      char other = cookie.charAt(i) == 'A' ? 'B' : 'A';
      assertUnknown(authenticator.check(
          HERE, null, cookie.substring(0, i) + other + cookie.substring(i + 1)));
    }
    for (String wrong : new String[] {"", "x", "....", "A".repeat(4_000), "AAAAAAAAAAAAAAAAAAAA"}) {
      assertUnknown(authenticator.check(HERE, null, wrong));
    }
  }

  @Test
  void check_token_isItsSubjectUntilItIsRemoved() {
    Path file = folder.resolve("tokens");
    String token =
        BearerTokens.create(file, "ci", Role.PUBLISHER, time.now().plus(Duration.ofDays(1)));
    Authenticator authenticator = withTokens(file);

    Subject subject = subject(authenticator.check(HERE, "Bearer " + token, null));
    assertThat(subject.name()).isEqualTo("ci");
    assertThat(subject.role()).isEqualTo(Role.PUBLISHER);
    Subject session = subject(authenticator.login(HERE, token));
    String cookie = authenticator.seal(session);
    assertThat(subject(authenticator.check(HERE, null, cookie))).isEqualTo(session);

    assertThat(BearerTokens.remove(file, "ci")).isTrue();
    time.advance(Duration.ofSeconds(2));

    assertUnknown(authenticator.check(HERE, "Bearer " + token, null));
    assertUnknown(authenticator.check(HERE, null, cookie));
    assertThat(authenticator.isValid(session)).isFalse();
  }

  @Test
  void check_expiredToken_isRefused() {
    Path file = folder.resolve("tokens");
    String token =
        BearerTokens.create(file, "ci", Role.VIEWER, time.now().plus(Duration.ofHours(1)));
    Authenticator authenticator = withTokens(file);

    time.advance(Duration.ofHours(1));

    assertUnknown(authenticator.check(HERE, "Bearer " + token, null));
  }

  @Test
  void check_tenWrongTokens_refusesTheAddressForAMinute() {
    Path file = folder.resolve("tokens");
    String token =
        BearerTokens.create(file, "ci", Role.VIEWER, time.now().plus(Duration.ofHours(1)));
    Authenticator authenticator = withTokens(file);
    for (int i = 0; i < 10; i++) {
      assertUnknown(authenticator.check(HERE, "Bearer wrong" + i, null));
    }

    assertThat(authenticator.check(HERE, "Bearer " + token, null))
        .isInstanceOf(Authentication.Throttled.class);
    assertThat(authenticator.login(HERE, token)).isInstanceOf(Authentication.Throttled.class);
    assertThat(
            subject(authenticator.check("127.0.0.2", "Bearer " + token, null)).name())
        .isEqualTo("ci");

    time.advance(Duration.ofMinutes(1));
    assertThat(subject(authenticator.check(HERE, "Bearer " + token, null)).name())
        .isEqualTo("ci");
  }

  @Test
  void create_token_isNotInTheFileAndTheFileIsPrivate() throws Exception {
    Path file = folder.resolve("tokens");
    String token =
        BearerTokens.create(file, "ci", Role.VIEWER, time.now().plus(Duration.ofHours(1)));

    assertThat(Files.readString(file)).doesNotContain(token).startsWith("ci viewer ");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(token).hasSize(43);
  }

  @Test
  void create_nameThatExistsOrBreaksTheFormat_isRefused() {
    Path file = folder.resolve("tokens");
    BearerTokens.create(file, "ci", Role.VIEWER, time.now());

    for (String name : new String[] {"ci", "", "a b", "a\nb admin", "-x"}) {
      assertThatThrownBy(() -> BearerTokens.create(file, name, Role.VIEWER, time.now()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("name: ");
    }
  }

  @Test
  void entries_fileThatOthersMayRead_isRefused() throws Exception {
    Path file = folder.resolve("tokens");
    String token =
        BearerTokens.create(file, "ci", Role.VIEWER, time.now().plus(Duration.ofHours(1)));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    assertThatThrownBy(() -> BearerTokens.entries(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("chmod 600");
    assertThatThrownBy(() -> withTokens(file).check(HERE, "Bearer " + token, null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot be used");
  }

  @Test
  void entries_malformedLine_isRefusedWithItsNumber() throws Exception {
    Path file = folder.resolve("tokens");
    BearerTokens.create(file, "ci", Role.VIEWER, time.now());
    Files.writeString(file, Files.readString(file) + "ci2 root 2026-01-01T00:00:00Z ab\n");

    assertThatThrownBy(() -> BearerTokens.entries(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 2: role: \"root\"");
  }
}
