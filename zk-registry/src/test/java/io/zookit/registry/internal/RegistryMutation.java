package io.zookit.registry.internal;

import io.zookit.testkit.internal.sim.Defect;
import org.jspecify.annotations.Nullable;

/** The deliberate errors of a simulation, which it must notice. */
enum RegistryMutation {
  /** No error: this one must pass. */
  NONE,
  SESSIONS_SWAPPED_SILENTLY(Defect.SESSIONS_SWAPPED_SILENTLY),
  OWN_NODES_UNKNOWN(Defect.OWN_NODES_UNKNOWN),
  SYNC_SKIPPED(Defect.SYNC_SKIPPED),
  WATCHES_FORGOTTEN(Defect.WATCHES_FORGOTTEN),
  LOST_DELETES_CONFIRMED(Defect.LOST_DELETES_CONFIRMED);

  private final @Nullable Defect defect;

  RegistryMutation() {
    this(null);
  }

  RegistryMutation(@Nullable Defect defect) {
    this.defect = defect;
  }

  /** The errors of the simulated ZooKeeper. */
  Defect[] defects() {
    return defect == null ? new Defect[0] : new Defect[] {defect};
  }
}
