package io.zookit.config.secret;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Keys held in memory, read once from where an operator put them. */
final class MasterKeys implements KeyProvider {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private static final Set<PosixFilePermission> FOR_OTHERS = EnumSet.of(
      PosixFilePermission.GROUP_READ,
      PosixFilePermission.GROUP_WRITE,
      PosixFilePermission.OTHERS_READ,
      PosixFilePermission.OTHERS_WRITE);

  private final Map<String, byte[]> keys = new LinkedHashMap<>();
  private final String current;

  private MasterKeys(String where, List<String> entries, char separator) {
    String last = "";
    for (String entry : entries) {
      int cut = entry.indexOf(separator);
      String name = cut < 1 ? "" : entry.substring(0, cut).strip();
      if (!NAME.matcher(name).matches() || keys.put(name, key(where, name, entry, cut)) != null) {
        throw new SecretException(where + ": entry " + (keys.size() + 1) + " (expected: name"
            + separator + "base64 of 32 bytes, each name once)");
      }
      last = name;
    }
    if (last.isEmpty()) {
      throw new SecretException(where + ": no keys (expected: at least one)");
    }
    this.current = last;
  }

  static MasterKeys inFile(Path file) {
    try {
      requirePrivate(file);
      List<String> lines = Files.readAllLines(file).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
      return new MasterKeys(file.toString(), lines, '=');
    } catch (IOException e) {
      throw new SecretException(file + ": cannot be read", e);
    }
  }

  /**
   * A user that can read the keys can read every secret; one that can write them decides which key seals the next one.
   */
  private static void requirePrivate(Path file) throws IOException {
    if (!Files.getFileStore(file).supportsFileAttributeView(PosixFileAttributeView.class)) {
      return; // such a file system has other means, which are the operator's
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (!Collections.disjoint(permissions, FOR_OTHERS)) {
      throw new SecretException(file + ": the keys are open to others, its mode is "
          + PosixFilePermissions.toString(permissions)
          + " (expected: for its owner only, chmod 600)");
    }
  }

  static MasterKeys inEnvironment(String variable, @Nullable String value) {
    if (value == null) {
      throw new SecretException(variable + ": not set (expected: name:base64, ...)");
    }
    return new MasterKeys(variable, List.of(value.strip().split("\\s*,\\s*", -1)), ':');
  }

  @Override
  public String current() {
    return current;
  }

  @Override
  public Wrapped wrap(byte[] dataKey, String bound) {
    return new Wrapped(current, AesGcm.seal(key(current), dataKey, bound));
  }

  @Override
  public byte[] unwrap(Wrapped wrapped, String bound) {
    try {
      return AesGcm.open(key(wrapped.master()), wrapped.bytes(), bound);
    } catch (GeneralSecurityException e) {
      throw new SecretException(
          bound + ": cannot be unwrapped with the master key " + wrapped.master(), e);
    }
  }

  @Override
  public String toString() {
    return "master keys " + keys.keySet();
  }

  private byte[] key(String name) {
    byte[] key = keys.get(name);
    if (key == null) {
      throw new SecretException(
          "master key " + name + ": not known here (known: " + keys.keySet() + ")");
    }
    return key;
  }

  private static byte[] key(String where, String name, String entry, int cut) {
    try {
      byte[] key = Base64.getDecoder().decode(entry.substring(cut + 1).strip());
      if (key.length == AesGcm.KEY_SIZE) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      // The cause would quote the key.
      throw new SecretException(where + ": key " + name + " is no base64");
    }
    throw new SecretException(
        where + ": key " + name + " (expected: " + AesGcm.KEY_SIZE + " bytes)");
  }
}
