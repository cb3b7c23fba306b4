package io.zookit.core;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which identities play which {@link Role}. What a role may do with each node is the same everywhere and shown in
 * docs/znodes.md.
 *
 * <p>A policy that only names admins is what most small installations want. Larger ones keep theirs in ZooKeeper, see
 * {@link AccessControl}; it then takes the place of the one a client is built with.
 *
 * <p>Immutable. Equal if the same identities play the same roles.
 */
public final class AccessPolicy {

  private static final AccessPolicy EMPTY = new AccessPolicy(Map.of());

  private final Map<Role, List<Identity>> roles;

  private AccessPolicy(Map<Role, List<Identity>> roles) {
    this.roles = roles;
  }

  /** A policy in which every client that can reach the port may do everything. */
  public static AccessPolicy open() {
    return sharedBy(Identity.anyone());
  }

  /**
   * A policy in which these identities may do everything and no other identity anything.
   *
   * @param admins at least one
   */
  public static AccessPolicy sharedBy(Identity... admins) {
    if (admins.length == 0) {
      throw new IllegalArgumentException("admins: none (expected: at least one identity)");
    }
    return EMPTY.withRole(Role.ADMIN, admins);
  }

  /** A policy in which these identities play these roles; it may be one without an admin. */
  public static AccessPolicy of(Map<Role, ? extends Collection<Identity>> roles) {
    AccessPolicy policy = EMPTY;
    for (Map.Entry<Role, ? extends Collection<Identity>> each : roles.entrySet()) {
      policy = policy.withRole(each.getKey(), each.getValue().toArray(Identity[]::new));
    }
    return policy;
  }

  /** A copy in which these identities play the role too. */
  public AccessPolicy withRole(Role role, Identity... identities) {
    Set<Identity> all = new LinkedHashSet<>(identitiesOf(role));
    Collections.addAll(all, identities);
    return with(role, List.copyOf(all));
  }

  /**
   * A copy in which these identities play the role too.
   *
   * @param role a name that {@link Role#named} knows
   */
  public AccessPolicy withRole(String role, Identity... identities) {
    return withRole(
        Role.named(role)
            .orElseThrow(() -> new IllegalArgumentException("role: \"" + role
                + "\" (expected: application, viewer, editor, publisher, operator or admin)")),
        identities);
  }

  /** A copy in which an identity does not play the role. */
  public AccessPolicy withoutRole(Role role, Identity identity) {
    return with(
        role, identitiesOf(role).stream().filter(each -> !each.equals(identity)).toList());
  }

  private AccessPolicy with(Role role, List<Identity> identities) {
    Map<Role, List<Identity>> copy = new EnumMap<>(Role.class);
    copy.putAll(roles);
    if (identities.isEmpty()) {
      copy.remove(role);
    } else {
      copy.put(role, identities);
    }
    return new AccessPolicy(Collections.unmodifiableMap(copy));
  }

  /** The roles that at least one identity plays. */
  public Set<Role> roles() {
    return roles.keySet();
  }

  /** The identities that play a role, in the order in which they were named; empty if there are none. */
  public List<Identity> identitiesOf(Role role) {
    return roles.getOrDefault(role, List.of());
  }

  private Map<Role, Set<Identity>> asSets() {
    return roles.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> Set.copyOf(each.getValue())));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AccessPolicy policy && asSets().equals(policy.asSets());
  }

  @Override
  public int hashCode() {
    return asSets().hashCode();
  }

  /** The roles with the number of their identities; no identity, for the sake of logs. */
  @Override
  public String toString() {
    return roles.entrySet().stream()
        .map(each -> each.getKey() + " " + each.getValue().size())
        .collect(Collectors.joining(", ", "AccessPolicy[", "]"));
  }
}
