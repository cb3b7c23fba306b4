package io.zookit.core.internal.client;

import io.zookit.core.internal.path.ZkPath;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of a ZooKeeper server, and what is known to be wrong with it. */
public record ServerVersion(int major, int minor, int patch) {

  private static final Pattern SAID =
      Pattern.compile("Zookeeper version: (\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,9})\\b");
  private static final Pattern NUMBERS = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,9})");

  /** The versions that are accepted, as the text of a refusal lists them. */
  static final String EXPECTED = "3.8.5 or later, 3.9.2, 3.9.4 or later";

  private static final String DISCLOSES = "tells clients the paths of nodes they may not read"
      + " (CVE-2024-23944, fixed in 3.8.4 and 3.9.2)";
  private static final String LOSES_AT_SYNC =
      "may lose acknowledged writes (ZOOKEEPER-4785, fixed in 3.8.5 and 3.9.2)";
  private static final String LOSES_FROM_LOG =
      "may lose acknowledged writes (ZOOKEEPER-4925, fixed in 3.9.4)";

  /**
   * The version that an operator names.
   *
   * @throws IllegalArgumentException if it is not three numbers
   */
  public static ServerVersion parse(String numbers) {
    Matcher parts = NUMBERS.matcher(numbers);
    if (!parts.matches()) {
      throw new IllegalArgumentException("version: \"" + ZkPath.printable(numbers)
          + "\" (expected: three numbers, such as 3.8.4)");
    }
    return of(parts);
  }

  /** The version in the first line of a server's answer; empty if it does not tell one. */
  static Optional<ServerVersion> in(String answer) {
    Matcher parts = SAID.matcher(answer);
    return parts.find() ? Optional.of(of(parts)) : Optional.empty();
  }

  private static ServerVersion of(Matcher parts) {
    return new ServerVersion(number(parts, 1), number(parts, 2), number(parts, 3));
  }

  private static int number(Matcher parts, int group) {
    return Integer.parseInt(parts.group(group));
  }

  /** The reason to refuse a server of this version; empty if it is accepted. */
  Optional<String> flaw() {
    if (major < 3 || (major == 3 && minor < 8)) {
      return Optional.of("is no longer maintained");
    }
    if (major > 3 || minor > 9) {
      return Optional.empty();
    }
    return minor == 8 ? flawOf38() : flawOf39();
  }

  private Optional<String> flawOf38() {
    if (patch < 4) {
      return Optional.of(DISCLOSES + " and " + LOSES_AT_SYNC);
    }
    return patch == 4 ? Optional.of(LOSES_AT_SYNC) : Optional.empty();
  }

  private Optional<String> flawOf39() {
    if (patch < 2) {
      return Optional.of(DISCLOSES + " and " + LOSES_AT_SYNC);
    }
    return patch == 3 ? Optional.of(LOSES_FROM_LOG) : Optional.empty();
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
