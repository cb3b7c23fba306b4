package io.zookit.core.internal;

import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.Permission;
import io.zookit.core.internal.AccessTable.Rule;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;

/**
 * The access list of every node under a root.
 *
 * <p><i>Threads:</i> any.
 *
 * <p><i>Cost:</i> a constant when only members were named; otherwise each line of the table is compared with the path. The
 * lists are made once for each set of lines that match together.
 */
public final class AccessLists {

  private final ZkPath root;
  private final AccessPolicy policy;
  private final List<Rule> rules;
  private final List<ACL> membersOnly;
  private final ConcurrentMap<BitSet, List<ACL>> made = new ConcurrentHashMap<>();

  AccessLists(ZkPath root, AccessPolicy policy, List<Rule> table) {
    this.root = root;
    this.policy = policy;
    this.rules = table.stream()
        .filter(rule -> !policy.identitiesOf(rule.role()).isEmpty())
        .toList();
    this.membersOnly = listFor(new BitSet());
  }

  /**
   * Who may do what with a node.
   *
   * @param path the root or a node under it
   * @return an immutable list, one entry for each identity
   */
  public List<ACL> aclFor(ZkPath path) {
    String relative = relativeToRoot(path.value());
    if (rules.isEmpty()) {
      return membersOnly;
    }
    List<String> elements = relative.isEmpty() ? List.of() : List.of(relative.split("/", -1));
    BitSet matching = new BitSet();
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).matches(elements)) {
        matching.set(i);
      }
    }
    return matching.isEmpty() ? membersOnly : made.computeIfAbsent(matching, this::listFor);
  }

  private String relativeToRoot(String path) {
    if (path.equals(root.value())) {
      return "";
    }
    String prefix = root.isTop() ? "/" : root.value() + "/";
    if (!path.startsWith(prefix)) {
      throw new IllegalArgumentException("path: " + path + " (expected: under " + root + ")");
    }
    return path.substring(prefix.length());
  }

  private List<ACL> listFor(BitSet matching) {
    Map<Identity, Integer> bits = new LinkedHashMap<>();
    for (Identity member : policy.identitiesOf(AccessPolicy.MEMBER)) {
      bits.put(member, Perms.ALL);
    }
    matching.stream().mapToObj(rules::get).forEach(rule -> {
      int granted = bitsOf(rule.permissions());
      for (Identity identity : policy.identitiesOf(rule.role())) {
        bits.merge(identity, granted, (a, b) -> a | b);
      }
    });
    List<ACL> list = new ArrayList<>();
    bits.forEach((who, may) -> list.add(new ACL(may, new Id(who.scheme(), who.id()))));
    return List.copyOf(list);
  }

  private static int bitsOf(Collection<Permission> permissions) {
    int bits = 0;
    for (Permission permission : permissions) {
      bits |= switch (permission) {
        case READ -> Perms.READ;
        case WRITE -> Perms.WRITE;
        case CREATE -> Perms.CREATE;
        case DELETE -> Perms.DELETE;
        case ADMIN -> Perms.ADMIN;
      };
    }
    return bits;
  }
}
