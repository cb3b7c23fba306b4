package io.zookit.samples.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.ZooDefs.Perms;

/** Permissions of each role on each path, parsed from docs/znodes.md independently of the code. */
final class DocumentedRoles {

  static final List<String> ROLES =
      List.of("application", "viewer", "editor", "publisher", "operator");

  private final Map<String, List<String>> rows = new LinkedHashMap<>();

  private DocumentedRoles() {}

  static DocumentedRoles read() throws IOException {
    DocumentedRoles read = new DocumentedRoles();
    boolean within = false;
    for (String line : Files.readAllLines(Path.of("..", "docs", "znodes.md"))) {
      within = line.startsWith("| path under") ? line.contains("| application |") : within;
      if (within && line.startsWith("| `")) {
        List<String> cells = new ArrayList<>();
        for (String cell : line.split("\\|", 0)) {
          cells.add(cell.strip().replace("`", ""));
        }
        read.rows.put(cells.get(1), cells.subList(2, 2 + ROLES.size()));
      }
    }
    if (read.rows.size() < 40) {
      throw new IllegalStateException("only " + read.rows.size() + " rows of roles in znodes.md");
    }
    return read;
  }

  /**
   * The permissions of a role.
   *
   * @param path below the root, without a slash in front; empty for the root
   */
  int permissions(String role, String path) {
    if (role.equals("admin")) {
      return Perms.ALL;
    }
    int permissions = Perms.READ;
    for (Map.Entry<String, List<String>> row : rows.entrySet()) {
      if (matches(row.getKey(), path)) {
        permissions |= bits(row.getValue().get(ROLES.indexOf(role)));
      }
    }
    return permissions;
  }

  private static int bits(String letters) {
    return (letters.contains("w") ? Perms.WRITE : 0)
        | (letters.contains("c") ? Perms.CREATE : 0)
        | (letters.contains("d") ? Perms.DELETE : 0);
  }

  private static boolean matches(String pattern, String path) {
    StringBuilder regex = new StringBuilder();
    for (String element : pattern.split("/", 0)) {
      if (element.equals("**")) {
        regex.append("(/.*)?");
      } else {
        regex
            .append(regex.length() == 0 ? "" : "/")
            .append(element.replace(".", "\\.").replace("*", "[^/]*"));
      }
    }
    return path.matches(regex.toString());
  }
}
