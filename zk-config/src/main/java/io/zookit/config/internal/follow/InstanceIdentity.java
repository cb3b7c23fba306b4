package io.zookit.config.internal.follow;

import io.zookit.config.gray.Instance;
import io.zookit.config.internal.model.StoreSettings;
import java.util.UUID;
import java.util.regex.Pattern;

/** Chooses the identity under which a store follows. */
final class InstanceIdentity {

  private static final Pattern NOT_IN_NAMES = Pattern.compile("[^A-Za-z0-9-]+");
  private static final int LONGEST_LABEL = 100;
  private static final int NONCE = 13;

  private InstanceIdentity() {}

  /** Returns the given identity, else the one that is kept in a file, else the label of the client with a nonce. */
  static Instance of(StoreSettings settings, String label) {
    Instance given = settings.instance();
    if (given != null) {
      return given;
    }
    String kept = settings.snapshots() == null ? null : SnapshotFile.keptId(settings.snapshots());
    if (kept != null) {
      return Instance.named(kept);
    }
    String name = NOT_IN_NAMES.matcher(label).replaceAll("-");
    String named = name.substring(0, Math.min(name.length(), LONGEST_LABEL));
    String nonce = UUID.randomUUID().toString().substring(0, NONCE);
    return Instance.named((named.startsWith("-") ? "c" : "") + named + "-" + nonce);
  }
}
