package io.zookit.openfeature;

import io.zookit.config.ConfigSnapshot;
import io.zookit.config.format.KeyChange;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The flags of one release. Each is read when it is first asked for. */
final class FlagSet {

  private final ConfigSnapshot snapshot;
  private final Map<String, Flag> read = new ConcurrentHashMap<>();

  FlagSet(ConfigSnapshot snapshot) {
    this.snapshot = snapshot;
  }

  int release() {
    return snapshot.release();
  }

  boolean isOf(ConfigSnapshot other) {
    return snapshot == other;
  }

  Flag flag(String key) {
    Flag known = read.get(key);
    if (known == null) {
      known = Flag.read(key, snapshot.values(), snapshot.namespace().toString());
      read.put(key, known);
    }
    return known;
  }

  /** The flags in which this release differs from another. */
  List<String> changesSince(FlagSet earlier) {
    return snapshot.changesSince(earlier.snapshot).stream()
        .map(KeyChange::key)
        .map(FlagSet::flagOf)
        .distinct()
        .toList();
  }

  /** The flag that a flat key is part of: the part before its rules, default or list. */
  private static String flagOf(String key) {
    return key.replaceFirst("(\\.rules(\\[.*)?|\\.default([.\\[].*)?|\\[.*)$", "");
  }
}
