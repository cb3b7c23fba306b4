package io.zookit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class AccessPolicyTest {

  private static final Identity ANA = Identity.x509("CN=ana");
  private static final Identity BEN = Identity.x509("CN=ben");

  @Test
  void sharedBy_identities_areTheMembersAndNothingElse() {
    AccessPolicy policy = AccessPolicy.sharedBy(ANA, BEN);

    assertThat(policy.identitiesOf(AccessPolicy.MEMBER)).containsExactly(ANA, BEN);
    assertThat(policy.identitiesOf("editor")).isEmpty();
  }

  @Test
  void sharedBy_nobody_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(AccessPolicy::sharedBy)
        .withMessage("members: none (expected: at least one identity)");
  }

  @Test
  void open_membersAreEverybody() {
    assertThat(AccessPolicy.open().identitiesOf(AccessPolicy.MEMBER))
        .containsExactly(Identity.anyone());
  }

  @Test
  void withRole_again_addsInACopy() {
    AccessPolicy one = AccessPolicy.sharedBy(ANA).withRole("editor", ANA);
    AccessPolicy both = one.withRole("editor", BEN);

    assertThat(one.identitiesOf("editor")).containsExactly(ANA);
    assertThat(both.identitiesOf("editor")).containsExactly(ANA, BEN);
    assertThat(both.identitiesOf(AccessPolicy.MEMBER)).containsExactly(ANA);
    assertThat(both.identitiesOf("editor")).isUnmodifiable();
  }
}
