package io.zookit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.NoSuchAlgorithmException;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.junit.jupiter.api.Test;

class IdentityTest {

  @Test
  void digest_knownCredentials_hasZooKeepersHash() {
    assertThat(Identity.digest("super", "test"))
        .isEqualTo(new Identity("digest", "super:D/InIHSb7yEEbrWz8b9l71RjZJU="));
  }

  @Test
  void digest_anyCredentials_isWhatTheServerCalculates() throws NoSuchAlgorithmException {
    for (String password : new String[] {"", "a:b", "p\u00e4ss w\u00f6rd"}) {
      assertThat(Identity.digest("ana", password).id())
          .isEqualTo(DigestAuthenticationProvider.generateDigest("ana:" + password));
    }
  }

  @Test
  void digest_anyText_neverShowsThePassword() {
    assertThat(Identity.digest("ana", "s3cret").toString()).doesNotContain("s3cret");
  }

  @Test
  void digest_userWithoutNameOrWithColon_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Identity.digest("", "x"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Identity.digest("a:b", "s3cret"))
        .withMessage("user: \"a:b\" (expected: one character or more, no colon)");
  }

  @Test
  void factories_useZooKeepersSchemes() {
    assertThat(Identity.anyone()).isEqualTo(new Identity("world", "anyone"));
    assertThat(Identity.creator()).isEqualTo(new Identity("auth", ""));
    assertThat(Identity.x509("CN=a")).isEqualTo(new Identity("x509", "CN=a"));
    assertThat(Identity.sasl("a@B")).isEqualTo(new Identity("sasl", "a@B"));
  }
}
