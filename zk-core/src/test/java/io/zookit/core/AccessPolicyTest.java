package io.zookit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccessPolicyTest {

  private static final Identity ANA = Identity.x509("CN=ana");
  private static final Identity BEN = Identity.x509("CN=ben");

  @Test
  void sharedBy_identities_areTheAdminsAndNothingElse() {
    AccessPolicy policy = AccessPolicy.sharedBy(ANA, BEN);

    assertThat(policy.identitiesOf(Role.ADMIN)).containsExactly(ANA, BEN);
    assertThat(policy.roles()).containsExactly(Role.ADMIN);
    assertThat(policy.identitiesOf(Role.EDITOR)).isEmpty();
  }

  @Test
  void sharedBy_nobody_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(AccessPolicy::sharedBy)
        .withMessage("admins: none (expected: at least one identity)");
  }

  @Test
  void open_adminsAreEverybody() {
    assertThat(AccessPolicy.open().identitiesOf(Role.ADMIN)).containsExactly(Identity.anyone());
  }

  @Test
  void withRole_again_addsInACopyAndOnce() {
    AccessPolicy one = AccessPolicy.sharedBy(ANA).withRole(Role.EDITOR, ANA);
    AccessPolicy both = one.withRole(Role.EDITOR, BEN, ANA);

    assertThat(one.identitiesOf(Role.EDITOR)).containsExactly(ANA);
    assertThat(both.identitiesOf(Role.EDITOR)).containsExactly(ANA, BEN).isUnmodifiable();
    assertThat(both.identitiesOf(Role.ADMIN)).containsExactly(ANA);
  }

  @Test
  void withRole_namesOfEarlierVersions_areAliases() {
    for (Map.Entry<String, Role> alias : Map.of(
            "member", Role.ADMIN,
            "config-application", Role.APPLICATION,
            "config-editor", Role.EDITOR,
            "config-publisher", Role.PUBLISHER,
            "config-keeper", Role.OPERATOR)
        .entrySet()) {
      assertThat(AccessPolicy.sharedBy(ANA).withRole(alias.getKey(), BEN))
          .isEqualTo(AccessPolicy.sharedBy(ANA).withRole(alias.getValue(), BEN));
    }
    for (Role role : Role.values()) {
      assertThat(Role.named(role.toString())).contains(role);
    }
  }

  @Test
  void withRole_unknownName_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AccessPolicy.sharedBy(ANA).withRole("config-publishers", BEN))
        .withMessageStartingWith("role: \"config-publishers\" (expected: application, viewer");
  }

  @Test
  void withoutRole_lastIdentity_removesTheRole() {
    AccessPolicy policy = AccessPolicy.sharedBy(ANA).withRole(Role.EDITOR, BEN);

    assertThat(policy.withoutRole(Role.EDITOR, ANA)).isEqualTo(policy);
    assertThat(policy.withoutRole(Role.EDITOR, BEN)).isEqualTo(AccessPolicy.sharedBy(ANA));
    assertThat(policy.withoutRole(Role.ADMIN, ANA))
        .isEqualTo(AccessPolicy.of(Map.of(Role.EDITOR, List.of(BEN))));
  }

  @Test
  void equals_otherOrder_isTheSamePolicy() {
    assertThat(AccessPolicy.sharedBy(ANA, BEN))
        .isEqualTo(AccessPolicy.sharedBy(BEN, ANA))
        .hasSameHashCodeAs(AccessPolicy.sharedBy(BEN, ANA))
        .isNotEqualTo(AccessPolicy.sharedBy(ANA));
  }

  @Test
  void toString_digestUsers_showsNoHash() {
    Identity ana = Identity.digest("ana", "secret");

    assertThat(AccessPolicy.sharedBy(ana)).hasToString("AccessPolicy[admin 1]");
    assertThat(ana).hasToString("digest:ana");
  }
}
