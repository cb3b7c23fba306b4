package io.zookit.testkit.internal.server;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** The lines of a zoo.cfg, with the defaults of this kit. */
public final class ServerSettings {

  /** Half a second: sessions of one second are possible, and a busy machine still keeps up. */
  public static final int TICK_MILLIS = 500;

  private static final int MAX_SESSION_MILLIS = 300_000;

  /** Settings that the embedded server takes from the lines; the rest ZooKeeper reads from system properties. */
  private static final Set<String> OWN = Set.of(
      "tickTime",
      "minSessionTimeout",
      "maxSessionTimeout",
      "maxClientCnxns",
      "clientPort",
      "clientPortAddress",
      "dataDir",
      "dataLogDir",
      "initLimit",
      "syncLimit",
      "znode.container.checkIntervalMs");

  private static final List<String> SECURE = List.of("secureClientPort", "secureClientPortAddress");

  private final Map<String, String> lines;

  private ServerSettings(Map<String, String> lines) {
    this.lines = lines;
  }

  public static ServerSettings of(Map<String, String> given) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("tickTime", String.valueOf(TICK_MILLIS));
    lines.put("maxSessionTimeout", String.valueOf(MAX_SESSION_MILLIS));
    lines.put("maxClientCnxns", "0");
    lines.putAll(given);
    return new ServerSettings(lines);
  }

  /**
   * Refuses what a server in this JVM does not have: a second port.
   *
   * @throws IllegalArgumentException if there is a line of such a port
   */
  public ServerSettings requireOnePort() {
    for (String key : SECURE) {
      if (lines.containsKey(key)) {
        throw new IllegalArgumentException(
            key + ": \"" + lines.get(key)
                + "\" (expected: no such line; ZkProcesses serves TLS, an embedded server has one plain port)");
      }
    }
    return this;
  }

  /** All lines, as a file of its own would have them. */
  public Properties properties() {
    Properties properties = new Properties();
    properties.putAll(lines);
    return properties;
  }

  /** A line, empty when it is missing. */
  public String text(String key) {
    return lines.getOrDefault(key, "");
  }

  /** A line that is a number; {@code otherwise} when it is missing. */
  public int number(String key, int otherwise) {
    String value = lines.get(key);
    if (value == null) {
      return otherwise;
    }
    try {
      return Integer.parseInt(value.trim());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(key + ": \"" + value + "\" (expected: a number)", e);
    }
  }

  /** The lines that ZooKeeper reads from system properties, by the rule of its own reader of zoo.cfg. */
  public Map<String, String> systemProperties() {
    Map<String, String> others = new HashMap<>();
    lines.forEach((key, value) -> {
      if (!OWN.contains(key)) {
        others.put(key.startsWith("zookeeper.") ? key : "zookeeper." + key, value);
      }
    });
    return others;
  }
}
