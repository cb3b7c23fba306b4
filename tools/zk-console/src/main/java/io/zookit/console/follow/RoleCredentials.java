package io.zookit.console.follow;

import io.zookit.core.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The identity of each role at ZooKeeper: a folder with a file named after the role, whose only line is {@code USER:PASSWORD}
 * of a digest. A role without a file is switched off.
 */
public final class RoleCredentials {

  /** The roles that a request can have. */
  public static final List<Role> ROLES =
      List.of(Role.VIEWER, Role.EDITOR, Role.PUBLISHER, Role.OPERATOR, Role.ADMIN);

  private static final Set<PosixFilePermission> FORBIDDEN = Set.of(
      PosixFilePermission.GROUP_READ,
      PosixFilePermission.GROUP_WRITE,
      PosixFilePermission.OTHERS_READ,
      PosixFilePermission.OTHERS_WRITE);

  private final Map<Role, Digest> digests;

  private RoleCredentials(Map<Role, Digest> digests) {
    this.digests = Map.copyOf(digests);
  }

  /** A user of ZooKeeper. Its text does not show the password. */
  static final class Digest {
    final String user;
    final String password;

    Digest(String user, String password) {
      this.user = user;
      this.password = password;
    }

    @Override
    public String toString() {
      return "digest:" + user;
    }
  }

  /** No identities: all roles share one session, which ZooKeeper does not tell from any other. */
  public static RoleCredentials none() {
    return new RoleCredentials(Map.of());
  }

  /**
   * Reads a folder.
   *
   * @throws IllegalArgumentException if it has no file of a role, or one that others than its owner may use, or that is
   *     malformed
   */
  public static RoleCredentials in(Path folder) {
    Map<Role, Digest> digests = new EnumMap<>(Role.class);
    for (Role role : ROLES) {
      Path file = folder.resolve(role.toString());
      if (Files.exists(file)) {
        digests.put(role, read(file));
      }
    }
    if (digests.isEmpty()) {
      throw new IllegalArgumentException(
          folder + ": no file of a role (expected: at least one of " + ROLES + ")");
    }
    return new RoleCredentials(digests);
  }

  private static Digest read(Path file) {
    try {
      if (Files.getPosixFilePermissions(file).stream().anyMatch(FORBIDDEN::contains)) {
        throw new IllegalArgumentException(
            file + ": others may use it (expected: only its owner, as after chmod 600)");
      }
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      String line = lines.isEmpty() ? "" : lines.get(0);
      int colon = line.indexOf(':');
      if (lines.size() > 1 || colon < 1 || colon + 1 == line.length()) {
        throw new IllegalArgumentException(file + ": malformed (expected: one line USER:PASSWORD)");
      }
      return new Digest(line.substring(0, colon), line.substring(colon + 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isEmpty() {
    return digests.isEmpty();
  }

  Map<Role, Digest> digests() {
    return digests;
  }
}
