package io.zookit.core.internal.access;

import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.Permission;
import io.zookit.core.Role;
import io.zookit.core.internal.access.AccessTable.Rule;
import io.zookit.core.internal.path.ZkPath;
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
 * The access list of every node under a root, by the policy that is in force at the moment of the question.
 *
 * <p><i>Threads:</i> any.
 *
 * <p><i>Cost:</i> a constant when only admins are named; otherwise each line of the table is compared with the path. The
 * lists are created once for each set of lines that match together.
 */
public final class AccessLists {

  private final ZkPath root;
  private final List<Rule> table;
  private volatile Lists inForce;

  AccessLists(ZkPath root, List<Rule> table, AccessPolicy policy) {
    this.root = root;
    this.table = table;
    this.inForce = new Lists(table, policy);
  }

  /** Takes the lists from another policy from now on. */
  void follow(AccessPolicy policy) {
    inForce = new Lists(table, policy);
  }

  /** The policy in force. */
  public AccessPolicy policy() {
    return inForce.policy;
  }

  /**
   * Returns the access list of a node.
   *
   * @param path the root or a node under it
   * @return an immutable list, one entry for each identity
   */
  public List<ACL> aclFor(ZkPath path) {
    String relative = relativeToRoot(path.value());
    return inForce.of(relative);
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

  /** The lists of one policy. */
  private static final class Lists {
    private final AccessPolicy policy;
    private final List<Rule> rules;
    private final List<ACL> adminsOnly;
    private final ConcurrentMap<BitSet, List<ACL>> known = new ConcurrentHashMap<>();

    Lists(List<Rule> table, AccessPolicy policy) {
      this.policy = policy;
      this.rules = table.stream()
          .filter(rule -> !policy.identitiesOf(rule.role()).isEmpty())
          .toList();
      this.adminsOnly = listFor(new BitSet());
    }

    List<ACL> of(String relative) {
      if (rules.isEmpty()) {
        return adminsOnly;
      }
      List<String> elements = relative.isEmpty() ? List.of() : List.of(relative.split("/", -1));
      BitSet matching = new BitSet();
      for (int i = 0; i < rules.size(); i++) {
        if (rules.get(i).matches(elements)) {
          matching.set(i);
        }
      }
      return matching.isEmpty() ? adminsOnly : known.computeIfAbsent(matching, this::listFor);
    }

    private List<ACL> listFor(BitSet matching) {
      Map<Identity, Integer> bits = new LinkedHashMap<>();
      for (Identity admin : policy.identitiesOf(Role.ADMIN)) {
        bits.put(admin, Perms.ALL);
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
