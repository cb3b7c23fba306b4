package io.zookit.config;

import io.zookit.core.internal.path.ZkPath;

/**
 * The name of one configuration: an environment, an application, and a name within it; written {@code ENV/APP/NS}.
 *
 * @param env the environment; keys and large contents are shared within one
 * @param app the application
 * @param name the name within the application
 */
public record Namespace(String env, String app, String name) implements Comparable<Namespace> {

  /** Creates a name; each part matches {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}. */
  public Namespace {
    ZkPath.requireName("env", env);
    ZkPath.requireName("app", app);
    ZkPath.requireName("name", name);
  }

  /** A name of its three parts. */
  public static Namespace of(String env, String app, String name) {
    return new Namespace(env, app, name);
  }

  /** Reads {@code ENV/APP/NS}. */
  public static Namespace parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException(
          "namespace: \"" + ZkPath.printable(text) + "\" (expected: ENV/APP/NS)");
    }
    return new Namespace(parts[0], parts[1], parts[2]);
  }

  @Override
  public int compareTo(Namespace other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return env + "/" + app + "/" + name;
  }
}
