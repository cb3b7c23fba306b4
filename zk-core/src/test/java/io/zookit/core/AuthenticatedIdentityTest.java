package io.zookit.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AuthenticatedIdentityTest {

  private static final AuthenticatedIdentity ANA = new AuthenticatedIdentity("digest", "ana");

  @Test
  void isNamedBy_digestUserWithAnyHash_isTrueForTheSameNameOnly() {
    assertThat(ANA.isNamedBy(Identity.digest("ana", "one"))).isTrue();
    assertThat(ANA.isNamedBy(Identity.digest("ana", "other"))).isTrue();
    assertThat(ANA.isNamedBy(Identity.digest("anabel", "one"))).isFalse();
    assertThat(ANA.isNamedBy(Identity.sasl("ana"))).isFalse();
    assertThat(ANA.isNamedBy(Identity.anyone())).isFalse();
  }

  @Test
  void isNamedBy_otherSchemes_comparesWholeNames() {
    AuthenticatedIdentity app = new AuthenticatedIdentity("x509", "CN=app");
    assertThat(app.isNamedBy(Identity.x509("CN=app"))).isTrue();
    assertThat(app.isNamedBy(Identity.x509("CN=app:x"))).isFalse();
  }

  @Test
  void toString_isSchemeColonName() {
    assertThat(ANA).hasToString("digest:ana");
  }
}
