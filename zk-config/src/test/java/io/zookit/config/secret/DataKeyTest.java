package io.zookit.config.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataKeyTest {

  private static final String OLD = Base64.getEncoder().encodeToString(new byte[32]);
  private static final String NEW = Base64.getEncoder()
      .encodeToString(
          "0123456789abcdef0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

  @TempDir
  Path folder = Path.of("");

  private final KeyProvider old = MasterKeys.inEnvironment("KEYS", "old:" + OLD);
  private final KeyProvider.Wrapped wrapped = DataKey.create(old, "prod/k1");
  private final DataKey key = DataKey.unwrap("k1", old, wrapped, "prod/k1");

  @Test
  void open_whatWasSealed_isTheValue() {
    SealedValue sealed = key.seal("hunter2", "prod/a/b/password");

    assertThat(sealed.toString()).startsWith("{sealed}k1:").doesNotContain("hunter2");
    SealedValue read = SealedValue.read(sealed.toString()).orElseThrow();
    assertThat(key.open(read, "prod/a/b/password")).isEqualTo("hunter2");
  }

  @Test
  void open_atAnotherPlaceOrChanged_isRefused() {
    SealedValue sealed = key.seal("hunter2", "prod/a/b/password");
    sealed.bytes()[20] ^= 1;

    assertThatThrownBy(() -> key.open(sealed, "prod/a/b/password"))
        .isInstanceOf(SecretException.class);
    assertThatThrownBy(() -> key.open(key.seal("hunter2", "prod/a/b/x"), "dev/a/b/x"))
        .isInstanceOf(SecretException.class)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void marks_equalValuesOfOnePlace_areEqual() {
    SealedValue sealed = key.seal("hunter2", "here");

    assertThat(key.marks(sealed, "hunter2", "here")).isTrue();
    assertThat(key.marks(sealed, "hunter3", "here")).isFalse();
    assertThat(key.marks(sealed, "hunter2", "there")).isFalse();
    assertThat(key.seal("hunter2", "here").toString()).isNotEqualTo(sealed.toString());
  }

  @Test
  void rewrap_withANewMaster_opensTheSameValues() throws Exception {
    Path file = folder.resolve("keys");
    Files.writeString(file, "# masters\nold=" + OLD + "\nnew=" + NEW + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    KeyProvider both = KeyProvider.inFile(file);
    SealedValue sealed = key.seal("hunter2", "here");

    KeyProvider.Wrapped again = DataKey.rewrap(both, wrapped, "prod/k1");

    assertThat(again.master()).isEqualTo("new");
    KeyProvider onlyNew = MasterKeys.inEnvironment("KEYS", "new:" + NEW);
    assertThat(DataKey.unwrap("k1", onlyNew, again, "prod/k1").open(sealed, "here"))
        .isEqualTo("hunter2");
    assertThatThrownBy(() -> DataKey.unwrap("k1", onlyNew, wrapped, "prod/k1"))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("old");
    assertThatThrownBy(() -> DataKey.unwrap("k1", onlyNew, again, "prod/k2"))
        .isInstanceOf(SecretException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rw-rw-rw-", "rw-r--r--", "rw-r-----", "rw--w----", "rw----r--", "r-----r--"})
  void inFile_openToOthers_isRefusedNamingTheModeUntilItIsClosed(String mode) throws Exception {
    Path file = Files.writeString(folder.resolve("keys"), "old=" + OLD + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

    assertThatThrownBy(() -> KeyProvider.inFile(file))
        .isInstanceOf(SecretException.class)
        .hasMessage(file + ": the keys are open to others, its mode is " + mode
            + " (expected: for its owner only, chmod 600)");

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    assertThat(KeyProvider.inFile(file).current()).isEqualTo("old");
  }

  @Test
  void inEnvironment_badKeys_areNotShown() {
    assertThatThrownBy(() -> MasterKeys.inEnvironment("KEYS", "a:hunter2!"))
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(() -> MasterKeys.inEnvironment("KEYS", "a:aHVudGVyMg=="))
        .hasMessageContaining("32 bytes");
    assertThatThrownBy(() -> MasterKeys.inEnvironment("KEYS", null))
        .isInstanceOf(SecretException.class);
    assertThat(old.toString()).doesNotContain(OLD);
  }
}
