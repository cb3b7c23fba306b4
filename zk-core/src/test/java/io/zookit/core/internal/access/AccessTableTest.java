package io.zookit.core.internal.access;

import static io.zookit.core.Permission.CREATE;
import static io.zookit.core.Permission.DELETE;
import static io.zookit.core.Permission.READ;
import static io.zookit.core.Permission.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.Permission;
import io.zookit.core.Role;
import io.zookit.core.internal.path.ZkPath;
import java.util.List;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.Test;

class AccessTableTest {

  private static final ZkPath ROOT = ZkPath.absolute("/zookit");
  private static final Identity ANA = Identity.x509("CN=ana");
  private static final Identity BEN = Identity.x509("CN=ben");
  private static final Identity APP = Identity.sasl("app");

  private static final AccessTable TABLE = AccessTable.adminsOnly()
      .grant("locks/**", Role.OPERATOR, READ, DELETE)
      .grant("config/*/apps/*/*/drafts/*", Role.EDITOR, READ, WRITE)
      .grant("config/*/apps/*/*/drafts", Role.EDITOR, CREATE, DELETE)
      .grant("config/**", Role.VIEWER, READ);

  private static final AccessPolicy POLICY = AccessPolicy.sharedBy(ANA)
      .withRole(Role.OPERATOR, BEN)
      .withRole(Role.EDITOR, BEN)
      .withRole(Role.VIEWER, APP, BEN);

  private final AccessLists lists = TABLE.under(ROOT, POLICY);

  @Test
  void aclFor_nodeOfNoLine_isForAdminsOnly() {
    assertThat(acl("/zookit")).containsExactly(all(ANA));
    assertThat(acl("/zookit/services/pay")).containsExactly(all(ANA));
  }

  @Test
  void aclFor_subtree_matchesItsTopAndEverythingBelow() {
    ACL operator = new ACL(Perms.READ | Perms.DELETE, id(BEN));

    assertThat(acl("/zookit/locks")).containsExactly(all(ANA), operator);
    assertThat(acl("/zookit/locks/stock/sku-42/~q")).containsExactly(all(ANA), operator);
    assertThat(acl("/zookit/locks-state/stock")).containsExactly(all(ANA));
  }

  @Test
  void aclFor_star_matchesExactlyOneElement() {
    ACL reader = new ACL(Perms.READ, id(APP));
    ACL both = new ACL(Perms.READ | Perms.WRITE, id(BEN));

    assertThat(acl("/zookit/config/prod/apps/shop/limits/drafts/ana"))
        .containsExactlyInAnyOrder(all(ANA), both, reader);
    assertThat(acl("/zookit/config/prod/apps/shop/limits/drafts/ana/x"))
        .containsExactlyInAnyOrder(all(ANA), new ACL(Perms.READ, id(BEN)), reader);
  }

  @Test
  void aclFor_beginningOfAName_matchesElementsThatBeginSo() {
    AccessLists buckets =
        AccessTable.adminsOnly().grant("a/~b*", Role.VIEWER, READ).under(ROOT, POLICY);

    assertThat(buckets.aclFor(new ZkPath("/zookit/a/~b07"))).hasSize(3);
    assertThat(buckets.aclFor(new ZkPath("/zookit/a/~policy"))).containsExactly(all(ANA));
    assertThat(buckets.aclFor(new ZkPath("/zookit/a/~b07/x"))).containsExactly(all(ANA));
  }

  @Test
  void aclFor_emptyPattern_isTheRootOnly() {
    AccessLists top = AccessTable.adminsOnly().grant("", Role.VIEWER, READ).under(ROOT, POLICY);

    assertThat(top.aclFor(ROOT)).hasSize(3);
    assertThat(top.aclFor(ROOT.child("locks"))).containsExactly(all(ANA));
  }

  @Test
  void follow_anotherPolicy_countsFromThenOn() {
    AccessLists following = TABLE.under(ROOT, POLICY);
    following.follow(AccessPolicy.sharedBy(BEN));

    assertThat(following.aclFor(new ZkPath("/zookit/locks"))).containsExactly(all(BEN));
    assertThat(following.policy()).isEqualTo(AccessPolicy.sharedBy(BEN));
  }

  @Test
  void aclFor_severalLines_grantTheUnionToOneIdentityInOneEntry() {
    assertThat(acl("/zookit/config/prod/apps/shop/limits/drafts"))
        .containsExactlyInAnyOrder(
            all(ANA),
            new ACL(Perms.READ | Perms.CREATE | Perms.DELETE, id(BEN)),
            new ACL(Perms.READ, id(APP)));
  }

  @Test
  void aclFor_linesInOtherOrder_isTheSame() {
    AccessLists other = AccessTable.adminsOnly()
        .grant("config/**", Role.VIEWER, READ)
        .grant("config/*/apps/*/*/drafts", Role.EDITOR, CREATE, DELETE)
        .under(ROOT, POLICY);
    ZkPath path = ZkPath.absolute("/zookit/config/prod/apps/shop/limits/drafts");

    assertThat(other.aclFor(path)).containsExactlyInAnyOrderElementsOf(lists.aclFor(path));
  }

  @Test
  void aclFor_adminInAnotherRole_keepsEverything() {
    AccessLists own = TABLE.under(ROOT, AccessPolicy.sharedBy(ANA).withRole(Role.VIEWER, ANA));

    assertThat(own.aclFor(ROOT.nested("config/prod"))).containsExactly(all(ANA));
  }

  @Test
  void aclFor_wholeTree_matchesTheRootToo() {
    AccessLists readable =
        AccessTable.adminsOnly().grant("**", Role.VIEWER, READ).under(ROOT, POLICY);

    assertThat(readable.aclFor(ROOT)).hasSize(3);
    assertThat(readable.aclFor(ROOT.child("locks"))).hasSize(3);
  }

  @Test
  void aclFor_openAndCreator_areZooKeepersOwnLists() {
    assertThat(TABLE.under(ROOT, AccessPolicy.open()).aclFor(ROOT)).isEqualTo(Ids.OPEN_ACL_UNSAFE);
    assertThat(TABLE.under(ROOT, AccessPolicy.sharedBy(Identity.creator())).aclFor(ROOT))
        .isEqualTo(Ids.CREATOR_ALL_ACL);
  }

  @Test
  void aclFor_everyPermission_hasItsBit() {
    for (Permission permission : Permission.values()) {
      AccessLists one = AccessTable.adminsOnly()
          .grant("a", Role.VIEWER, permission)
          .under(ROOT, AccessPolicy.sharedBy(ANA).withRole(Role.VIEWER, APP));

      int bit = switch (permission) {
        case READ -> Perms.READ;
        case WRITE -> Perms.WRITE;
        case CREATE -> Perms.CREATE;
        case DELETE -> Perms.DELETE;
        case ADMIN -> Perms.ADMIN;
      };
      assertThat(one.aclFor(ROOT.child("a"))).containsExactly(all(ANA), new ACL(bit, id(APP)));
    }
  }

  @Test
  void aclFor_sameLines_isOneList() {
    assertThat(acl("/zookit/locks/a")).isSameAs(acl("/zookit/locks/b/c"));
    assertThat(acl("/zookit/locks/a")).isUnmodifiable();
  }

  @Test
  void aclFor_outsideTheRoot_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> acl("/zookit2/locks"))
        .withMessage("path: /zookit2/locks (expected: under /zookit)");
    assertThat(TABLE.under(new ZkPath("/"), POLICY).aclFor(ZkPath.absolute("/locks/a")))
        .hasSize(2);
  }

  @Test
  void grant_brokenPattern_isRefused() {
    for (String pattern : List.of("/a", "a/", "a//b", "a/**/b", "a*b", "a b", "a/***", "*a")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TABLE.grant(pattern, Role.VIEWER, READ))
          .withMessageStartingWith("pattern: \"" + pattern + "\"");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> TABLE.grant("a", Role.VIEWER));
  }

  private List<ACL> acl(String path) {
    return lists.aclFor(new ZkPath(path));
  }

  private static ACL all(Identity identity) {
    return new ACL(Perms.ALL, id(identity));
  }

  private static Id id(Identity identity) {
    return new Id(identity.scheme(), identity.id());
  }
}
