package io.zookit.testkit;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** The lines of a zoo.cfg, with the defaults of this kit. */
final class ServerSettings {

  /** Half a second: sessions of one second are possible, and a busy machine still keeps up. */
  static final int TICK_MILLIS = 500;

  private static final int MAX_SESSION_MILLIS = 300_000;

  /** What the embedded server takes from the lines; the rest ZooKeeper reads from system properties. */
  private static final Set<String> OWN = Set.of(
      "tickTime",
      "minSessionTimeout",
      "maxSessionTimeout",
      "maxClientCnxns",
      "clientPort",
      "clientPortAddress",
      "dataDir",
      "initLimit",
      "syncLimit",
      "znode.container.checkIntervalMs");

  private final Map<String, String> lines;

  private ServerSettings(Map<String, String> lines) {
    this.lines = lines;
  }

  static ServerSettings of(Map<String, String> given) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("tickTime", String.valueOf(TICK_MILLIS));
    lines.put("maxSessionTimeout", String.valueOf(MAX_SESSION_MILLIS));
    lines.put("maxClientCnxns", "0");
    lines.putAll(given);
    return new ServerSettings(lines);
  }

  /** All lines, as a file of its own would have them. */
  Properties properties() {
    Properties properties = new Properties();
    properties.putAll(lines);
    return properties;
  }

  /** A line, empty when it is missing. */
  String text(String key) {
    return lines.getOrDefault(key, "");
  }

  /** A line that is a number; {@code otherwise} when it is missing. */
  int number(String key, int otherwise) {
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
  Map<String, String> systemProperties() {
    Map<String, String> others = new HashMap<>();
    lines.forEach((key, value) -> {
      if (!OWN.contains(key)) {
        others.put(key.startsWith("zookeeper.") ? key : "zookeeper." + key, value);
      }
    });
    return others;
  }
}
