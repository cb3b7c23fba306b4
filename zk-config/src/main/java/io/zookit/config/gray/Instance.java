package io.zookit.config.gray;

import io.zookit.core.internal.path.ZkPath;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Identity of a client of the configuration. The id is chosen, or kept in a file; it is never an address, which two
 * processes may share and which changes in containers.
 *
 * @param id letters, digits, dots, underscores and dashes; unique among the processes that run
 * @param address the IP address that rules may ask for; empty when unknown
 * @param labels at most 32, with short names and values
 */
public record Instance(String id, String address, Map<String, String> labels) {

  private static final Pattern LABEL = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");
  private static final int MOST_LABELS = 32;
  private static final int LONGEST_LABEL = 128;

  /** Creates an instance. */
  public Instance {
    ZkPath.requireName("id", id);
    if (!address.isEmpty() && Cidr.bytes(address).isEmpty()) {
      throw new IllegalArgumentException("address: " + address + " (expected: an IP address)");
    }
    if (labels.size() > MOST_LABELS) {
      throw new IllegalArgumentException(
          "labels: " + labels.size() + " (expected: at most " + MOST_LABELS + ")");
    }
    labels.forEach((name, value) -> {
      if (!LABEL.matcher(name).matches()
          || value.length() > LONGEST_LABEL
          || value.chars().anyMatch(c -> c < ' ')) {
        throw new IllegalArgumentException("label: \"" + name + "\" (expected: a name " + LABEL
            + ", a value of at most " + LONGEST_LABEL + " characters)");
      }
    });
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
  }

  /** An instance with an id and nothing else. */
  public static Instance named(String id) {
    return new Instance(id, "", Map.of());
  }

  /** A copy with another address. */
  public Instance withAddress(String ip) {
    return new Instance(id, ip, labels);
  }

  /** A copy with one label more, or another value of it. */
  public Instance withLabel(String name, String value) {
    Map<String, String> more = new TreeMap<>(labels);
    more.put(name, value);
    return new Instance(id, address, more);
  }
}
