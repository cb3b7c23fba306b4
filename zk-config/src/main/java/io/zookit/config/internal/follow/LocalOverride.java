package io.zookit.config.internal.follow;

import io.zookit.config.ConfigSnapshot;
import io.zookit.config.Namespace;
import io.zookit.config.format.DocumentLimits;
import io.zookit.config.format.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Values that an operator put on one machine for a while, above all layers.
 *
 * <p>A file {@code ENV~APP~NS.properties} in the folder of overrides; the key {@code ~until} says when it ends and must
 * be there, {@code ~by} its author.
 */
record LocalOverride(Map<String, String> values, Instant until, String by) {

  private static final Logger log = LoggerFactory.getLogger(LocalOverride.class);

  /** The override of a namespace; empty when there is none, or none that is in force. */
  static Optional<LocalOverride> read(Path folder, Namespace ns, Instant now) {
    Path file = folder.resolve(ns.env() + "~" + ns.app() + "~" + ns.name() + ".properties");
    try {
      Map<String, String> values = new LinkedHashMap<>(Format.PROPERTIES
          .parse(Files.readString(file), DocumentLimits.standard())
          .values());
      String until = values.remove("~until");
      String by = values.remove("~by");
      if (until == null) {
        throw new IllegalArgumentException("~until is missing");
      }
      LocalOverride override =
          new LocalOverride(values, Instant.parse(until), by == null ? "" : by);
      return now.isBefore(override.until) ? Optional.of(override) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      log.warn("config {}: the override {} is not used: {}", ns, file, e.getMessage());
      return Optional.empty();
    }
  }

  ConfigSnapshot.Origin origin() {
    return new ConfigSnapshot.Origin("override until " + until, 0, "override", by, until);
  }
}
