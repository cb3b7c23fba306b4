package io.zookit.core.internal.path;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A validated absolute path in ZooKeeper: the only place that joins strings to paths.
 *
 * <p>Names given by users match {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}. Names of Zookit's own folders begin with
 * {@code ~}, so the two never meet.
 *
 * @param value the path as ZooKeeper knows it, {@code /} or without a slash at the end
 */
public record ZkPath(String value) implements Comparable<ZkPath> {

  private static final int LONGEST_NAME = 128;
  private static final String NAME_RULE = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";

  /** A path whose every element is a valid name; {@code /zookeeper} is ZooKeeper's own and refused. */
  public static ZkPath absolute(String path) {
    if (!path.startsWith("/") || path.length() < 2) {
      throw new IllegalArgumentException("path: \"" + path + "\" (expected: /name[/name...])");
    }
    for (String element : path.substring(1).split("/", -1)) {
      requireName("path", element);
    }
    if (path.equals("/zookeeper") || path.startsWith("/zookeeper/")) {
      throw new IllegalArgumentException(
          "path: \"" + path + "\" (expected: not ZooKeeper's own folder)");
    }
    return new ZkPath(path);
  }

  /** Those of some absolute paths that lie below a chroot, as a client of that chroot names them. */
  public static Set<ZkPath> below(String chroot, List<String> absolute) {
    return absolute.stream()
        .filter(path -> path.startsWith(chroot + "/"))
        .map(path -> new ZkPath(path.substring(chroot.length())))
        .collect(Collectors.toSet());
  }

  /** Whether a text begins with a name of so many characters. A consumer asks this of each node of a service. */
  public static boolean isName(String text, int length) {
    if (length < 1 || length > LONGEST_NAME || !isLetterOrDigit(text.charAt(0))) {
      return false;
    }
    for (int i = 1; i < length; i++) {
      char c = text.charAt(i);
      if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /** Refuses a name outside the grammar, before anything is sent. */
  public static String requireName(String what, String name) {
    if (!isName(name, name.length())) {
      throw new IllegalArgumentException(
          what + ": \"" + printable(name) + "\" (expected: " + NAME_RULE + ")");
    }
    return name;
  }

  /** Refuses a name of several elements with slashes between, any of which is outside the grammar. */
  public static String requireNestedName(String what, String name) {
    if (name.length() > 512) {
      throw new IllegalArgumentException(
          what + ": " + name.length() + " characters (expected: at most 512)");
    }
    for (String element : name.split("/", -1)) {
      if (!isName(element, element.length())) {
        throw new IllegalArgumentException(what + ": \"" + printable(name) + "\" (expected: "
            + NAME_RULE + ", nested with single slashes)");
      }
    }
    return name;
  }

  /** The child with a name given by a user. */
  public ZkPath child(String name) {
    return append(requireName("name", name));
  }

  /** The descendant with a name of several elements given by a user. */
  public ZkPath nested(String name) {
    return append(requireNestedName("name", name));
  }

  /** One of Zookit's own children; the name begins with {@code ~} or was made by Zookit, and holds no slash. */
  public ZkPath own(String name) {
    if (name.isEmpty() || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "own name: \"" + printable(name) + "\" (expected: no slash)");
    }
    return append(name);
  }

  /** The path above; {@code /} has none. */
  public ZkPath parent() {
    int slash = value.lastIndexOf('/');
    return new ZkPath(slash <= 0 ? "/" : value.substring(0, slash));
  }

  /** The last element. */
  public String name() {
    return value.substring(value.lastIndexOf('/') + 1);
  }

  /** Whether this is {@code /}. */
  public boolean isTop() {
    return value.equals("/");
  }

  @Override
  public int compareTo(ZkPath other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }

  private ZkPath append(String name) {
    return new ZkPath(isTop() ? "/" + name : value + "/" + name);
  }

  /** Error texts end up on terminals and in logs: nothing invisible, nothing endless. */
  public static String printable(String text) {
    String cut = text.length() > 150 ? text.substring(0, 150) + "..." : text;
    StringBuilder shown = new StringBuilder();
    cut.codePoints().forEach(c -> {
      if (c < 0x20 || c > 0x7e) {
        shown.append(String.format("\\u%04x", c));
      } else {
        shown.appendCodePoint(c);
      }
    });
    return shown.toString();
  }
}
