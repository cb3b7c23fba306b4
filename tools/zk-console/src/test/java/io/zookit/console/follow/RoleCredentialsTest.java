package io.zookit.console.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoleCredentialsTest {

  @TempDir
  Path folder;

  private void file(String name, String text, String permissions) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void in_privateFiles_areTheRoles() throws Exception {
    file("viewer", "v:a:b\n", "rw-------");
    file("admin", "root:secret", "r--------");

    RoleCredentials credentials = RoleCredentials.in(folder);

    assertThat(credentials.digests()).containsOnlyKeys(Role.VIEWER, Role.ADMIN);
    assertThat(credentials.digests().toString()).doesNotContain("secret").doesNotContain("a:b");
  }

  @Test
  void in_fileThatOthersMayRead_isRefused() throws Exception {
    file("viewer", "v:secret\n", "rw-r-----");

    assertThatThrownBy(() -> RoleCredentials.in(folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("chmod 600")
        .hasMessageNotContaining("secret");
  }

  @Test
  void in_malformedFileOrNone_isRefused() throws Exception {
    assertThatThrownBy(() -> RoleCredentials.in(folder)).hasMessageContaining("no file of a role");
    for (String text : new String[] {"", "\n", "secret", ":secret", "user:", "a:b\nc:d\n"}) {
      file("viewer", text, "rw-------");
      assertThatThrownBy(() -> RoleCredentials.in(folder))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("malformed");
    }
  }
}
