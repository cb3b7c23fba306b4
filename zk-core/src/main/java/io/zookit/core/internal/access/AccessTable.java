package io.zookit.core.internal.access;

import io.zookit.core.AccessPolicy;
import io.zookit.core.Permission;
import io.zookit.core.Role;
import io.zookit.core.internal.path.ZkPath;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rights of each role to the nodes under a root. {@link NodeAccess#TABLE} is the one in use.
 *
 * <p>A pattern is relative to the root, whose own pattern is empty: {@code *} stands for one element, {@code ~b*} for one
 * that begins so, {@code **} at the end for the node itself and everything below it, as in {@code locks/**}. Rules only grant, so their order does not matter and none takes precedence: a role may do what any matching line says, and nothing where no line matches. The admin needs no line; it may do everything.
 *
 * <p>Immutable.
 */
public final class AccessTable {

  private static final Pattern ELEMENT = Pattern.compile("[A-Za-z0-9~._-]+\\*?");
  private static final AccessTable EMPTY = new AccessTable(List.of());

  private final List<Rule> rules;

  /** One line. */
  record Rule(List<String> pattern, boolean subtree, Role role, Set<Permission> permissions) {

    boolean matches(List<String> path) {
      if (subtree ? path.size() < pattern.size() : path.size() != pattern.size()) {
        return false;
      }
      for (int i = 0; i < pattern.size(); i++) {
        if (!matches(pattern.get(i), path.get(i))) {
          return false;
        }
      }
      return true;
    }

    private static boolean matches(String pattern, String element) {
      return pattern.endsWith("*")
          ? element.startsWith(pattern.substring(0, pattern.length() - 1))
          : pattern.equals(element);
    }
  }

  private AccessTable(List<Rule> rules) {
    this.rules = rules;
  }

  /** A table in which only the admin may do anything. */
  public static AccessTable adminsOnly() {
    return EMPTY;
  }

  /**
   * A copy with one line more.
   *
   * @param pattern elements with slashes between, such as {@code locks/**}; empty for the root itself
   * @param permissions at least one
   */
  public AccessTable grant(String pattern, Role role, Permission... permissions) {
    if (permissions.length == 0) {
      throw new IllegalArgumentException("permissions: none (expected: at least one)");
    }
    List<String> elements =
        pattern.isEmpty() ? List.of() : new ArrayList<>(List.of(pattern.split("/", -1)));
    boolean subtree = pattern.equals("**") || pattern.endsWith("/**");
    if (subtree) {
      elements.remove(elements.size() - 1);
    }
    for (String element : elements) {
      if (!element.equals("*") && !ELEMENT.matcher(element).matches()) {
        throw new IllegalArgumentException("pattern: \"" + pattern
            + "\" (expected: names, * for one, ** at the end, with single slashes)");
      }
    }
    List<Rule> more = new ArrayList<>(rules);
    more.add(new Rule(
        List.copyOf(elements), subtree, role, Set.copyOf(EnumSet.of(permissions[0], permissions))));
    return new AccessTable(List.copyOf(more));
  }

  List<Rule> rules() {
    return rules;
  }

  /** The access lists of this table for one root and one policy. */
  public AccessLists under(ZkPath root, AccessPolicy policy) {
    return new AccessLists(root, rules, policy);
  }
}
