package io.zookit.core.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.Permission;
import io.zookit.core.Role;
import io.zookit.core.internal.path.ZkPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.Test;

/** The table of roles is the one of docs/znodes.md, and says nothing that would undo itself. */
class NodeAccessTest {

  private static final ZkPath ROOT = ZkPath.absolute("/zookit");
  private static final List<Role> COLUMNS =
      List.of(Role.APPLICATION, Role.VIEWER, Role.EDITOR, Role.PUBLISHER, Role.OPERATOR);

  @Test
  void table_isTheOneOfTheDocument() throws IOException {
    Map<String, String> documented = documented();
    Map<String, Map<Role, Set<Permission>>> lines = new TreeMap<>();
    for (AccessTable.Rule rule : NodeAccess.TABLE.rules()) {
      String pattern = String.join("/", rule.pattern())
          + (rule.subtree() ? (rule.pattern().isEmpty() ? "**" : "/**") : "");
      if (!pattern.equals("**")) {
        lines
            .computeIfAbsent(pattern, first -> new TreeMap<>())
            .computeIfAbsent(rule.role(), first -> EnumSet.noneOf(Permission.class))
            .addAll(rule.permissions());
      }
    }
    Map<String, String> coded = new TreeMap<>();
    lines.forEach((pattern, roles) -> coded.put(pattern, shown(roles)));
    assertThat(documented).isEqualTo(coded);
    assertThat(documented).hasSizeGreaterThan(40);
  }

  private static String shown(Map<Role, Set<Permission>> roles) {
    StringBuilder line = new StringBuilder();
    for (Role role : COLUMNS) {
      Set<Permission> granted = roles.getOrDefault(role, Set.of());
      line.append(granted.contains(Permission.WRITE) ? "w" : "")
          .append(granted.contains(Permission.CREATE) ? "c" : "")
          .append(granted.contains(Permission.DELETE) ? "d" : "")
          .append(granted.isEmpty() ? "–|" : "|");
    }
    return line.toString();
  }

  private static Map<String, String> documented() throws IOException {
    Map<String, String> rows = new TreeMap<>();
    boolean within = false;
    for (String line : Files.readAllLines(Path.of("..", "docs", "znodes.md"))) {
      within = line.startsWith("| path under") ? line.contains("| application |") : within;
      if (within && line.startsWith("| `")) {
        String[] cells = line.split("\\|");
        rows.put(
            cells[1].strip().replace("`", ""),
            String.join("|", List.of(cells).subList(2, 7)).replace(" ", "") + "|");
      }
    }
    return rows;
  }

  @Test
  void root_andPolicy_areForTheAdminToChange() {
    AccessPolicy policy = AccessPolicy.sharedBy(Identity.x509("CN=admin"));
    for (Role role : COLUMNS) {
      policy = policy.withRole(role, Identity.x509("CN=" + role));
    }
    AccessLists lists = NodeAccess.TABLE.under(ROOT, policy);
    for (ZkPath path : List.of(ROOT, ROOT.own("~access"), ROOT.own("~tap"))) {
      assertThat(lists.aclFor(path)).hasSize(6);
      for (ACL entry : lists.aclFor(path)) {
        assertThat(entry.getPerms())
            .as(path + " " + entry)
            .isEqualTo(entry.getId().getId().equals("CN=admin") ? Perms.ALL : Perms.READ);
      }
    }
  }

  @Test
  void pathOfList_nodeOfAnApplication_isThatOfFencedNodes() {
    assertThat(NodeAccess.pathOfList(ROOT, ROOT)).isEqualTo(ROOT);
    assertThat(NodeAccess.pathOfList(ROOT, ROOT.nested("locks/a")))
        .isEqualTo(ROOT.nested("locks/a"));
    assertThat(NodeAccess.pathOfList(ROOT, ROOT.own("~access"))).isEqualTo(ROOT.own("~access"));
    assertThat(NodeAccess.pathOfList(ROOT, ROOT.nested("theirs/x")))
        .isEqualTo(NodeAccess.pathOfFenced(ROOT));
  }
}
