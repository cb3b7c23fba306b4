package io.zookit.core.internal.access;

import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.Role;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import io.zookit.core.internal.codec.StoredNames;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The access policy as it is stored in {@code /<root>/~access}.
 *
 * @param roles for each role the identities that play it, each as {@code scheme:id}
 */
record AccessRecord(@Stored("roles") Map<String, List<String>> roles) {

  private static final StoredNames<Role> NAMES = StoredNames.of(Role.class);

  static final RecordCodec<AccessRecord> CODEC = RecordCodec.of(AccessRecord.class, 1);

  AccessRecord {
    roles.forEach((role, identities) -> {
      if (Role.named(role).isEmpty()) {
        throw new IllegalArgumentException("role: \"" + role + "\" (expected: one of Zookit's)");
      }
      identities.forEach(Identity::parse);
    });
  }

  static AccessRecord of(AccessPolicy policy) {
    Map<String, List<String>> roles = new TreeMap<>();
    for (Role role : policy.roles()) {
      roles.put(
          NAMES.nameOf(role),
          policy.identitiesOf(role).stream().map(Identity::asText).toList());
    }
    return new AccessRecord(roles);
  }

  AccessPolicy policy() {
    Map<Role, List<Identity>> known = new EnumMap<>(Role.class);
    roles.forEach((role, identities) -> known
        .computeIfAbsent(Role.named(role).orElseThrow(), first -> new ArrayList<>())
        .addAll(identities.stream().map(Identity::parse).toList()));
    return AccessPolicy.of(known);
  }
}
