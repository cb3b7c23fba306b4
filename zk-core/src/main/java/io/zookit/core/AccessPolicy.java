package io.zookit.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who plays which role. What a role may do in which subtree is the table of the module that owns the subtree; it is
 * shown in docs/znodes.md.
 *
 * <p>There is always the role {@value #MEMBER}: it may do everything everywhere under the root. A policy that only names
 * members is what most installations want. Immutable.
 */
public final class AccessPolicy {

  /** The role that may do everything under the root. */
  public static final String MEMBER = "member";

  private final Map<String, List<Identity>> roles;

  private AccessPolicy(Map<String, List<Identity>> roles) {
    this.roles = roles;
  }

  /** Everybody who can reach the port may do everything. */
  public static AccessPolicy open() {
    return sharedBy(Identity.anyone());
  }

  /**
   * All of these may do everything, nobody else anything.
   *
   * @param members at least one
   */
  public static AccessPolicy sharedBy(Identity... members) {
    if (members.length == 0) {
      throw new IllegalArgumentException("members: none (expected: at least one identity)");
    }
    return new AccessPolicy(Map.of(MEMBER, List.of(members)));
  }

  /** A copy in which these identities play the role too. */
  public AccessPolicy withRole(String role, Identity... identities) {
    Map<String, List<Identity>> copy = new LinkedHashMap<>(roles);
    List<Identity> all = new ArrayList<>(identitiesOf(role));
    Collections.addAll(all, identities);
    copy.put(role, List.copyOf(all));
    return new AccessPolicy(Collections.unmodifiableMap(copy));
  }

  /** The roles somebody was named for. */
  public Set<String> roles() {
    return roles.keySet();
  }

  /** Who plays a role; empty when nobody does. */
  public List<Identity> identitiesOf(String role) {
    return roles.getOrDefault(role, List.of());
  }
}
