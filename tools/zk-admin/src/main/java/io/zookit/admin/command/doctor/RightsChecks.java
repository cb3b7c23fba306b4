package io.zookit.admin.command.doctor;

import io.zookit.admin.cli.ExitCode;
import io.zookit.core.AccessControl;
import io.zookit.core.AccessPolicy;
import io.zookit.core.AuthenticatedIdentity;
import io.zookit.core.Identity;
import io.zookit.core.Role;
import io.zookit.core.ZkAccessException;
import io.zookit.core.ZkClient;
import io.zookit.lock.inspect.LockInspector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says what a connection may do, by nothing but reading: whether it reads what lies under the root, and which roles the
 * stored policy gives the identities that the servers accepted for it.
 */
final class RightsChecks {

  private final ZkClient client;
  private final Duration timeout;

  RightsChecks(ZkClient client, Duration timeout) {
    this.client = client;
    this.timeout = timeout;
  }

  /** A finding for the connection, then one for each of its roles. */
  List<Finding> findings() throws InterruptedException {
    Optional<AccessPolicy> policy;
    try {
      LockInspector.in(client).withPatience(timeout).list();
      policy = AccessControl.in(client).within(timeout).policy();
    } catch (ZkAccessException e) {
      return List.of(Finding.bad("rights", String.valueOf(e.getMessage()), ExitCode.DENIED));
    }
    List<AuthenticatedIdentity> identities = client.authenticatedAs();
    String who = identities.isEmpty() ? "without an identity" : "as " + words(identities);
    if (policy.isEmpty()) {
      return List.of(Finding.ok(
          "rights", who + ", it reads; no access policy is stored, so there are no roles"));
    }
    List<Role> roles = policy.get().roles().stream()
        .filter(role -> policy.get().identitiesOf(role).stream()
            .anyMatch(identity -> isPlayedBy(identity, identities)))
        .toList();
    if (roles.isEmpty()) {
      return List.of(
          Finding.odd("rights", who + ", it reads, but plays no role of the stored policy"));
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok("rights", who + ", it reads"));
    roles.forEach(role -> findings.add(Finding.ok("role " + role, rightsOf(role))));
    return findings;
  }

  private static boolean isPlayedBy(Identity identity, List<AuthenticatedIdentity> identities) {
    return identity.equals(Identity.anyone())
        || identities.stream().anyMatch(each -> each.isNamedBy(identity));
  }

  private static String words(List<AuthenticatedIdentity> identities) {
    return String.join(
        ", ", identities.stream().map(AuthenticatedIdentity::toString).toList());
  }

  private static String rightsOf(Role role) {
    return switch (role) {
      case APPLICATION ->
        "reads everything; locks, registers, acknowledges configuration, defines and runs jobs";
      case VIEWER -> "reads everything, changes nothing";
      case EDITOR -> "reads everything; writes drafts of configurations, publishes nothing";
      case PUBLISHER -> "reads everything; publishes configurations, removes no release";
      case OPERATOR ->
        "reads everything; breaks locks, disables instances, controls jobs, removes old releases,"
            + " raises the incarnation";
      case ADMIN -> "does everything, and alone changes the access policy";
    };
  }
}
