package io.zookit.registry.internal;

import io.zookit.registry.internal.consumer.Invalidations;
import io.zookit.registry.internal.consumer.WrongInvalidations;
import io.zookit.testkit.internal.sim.Defect;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The deliberate errors of a simulation, which it must notice. */
enum RegistryMutation {
  /** No error: this one must pass. */
  NONE,
  SESSIONS_SWAPPED_SILENTLY(Defect.SESSIONS_SWAPPED_SILENTLY),
  OWN_NODES_UNKNOWN(Defect.OWN_NODES_UNKNOWN),
  /** Neither the sync of the client in a new session nor that of a claim has an effect. */
  SYNC_SKIPPED(Defect.SYNC_SKIPPED),
  WATCHES_FORGOTTEN(Defect.WATCHES_FORGOTTEN),
  LOST_DELETES_CONFIRMED(Defect.LOST_DELETES_CONFIRMED),
  /** A consumer forgets what a read without a result was to read. */
  ABANDONED_READ_FORGOTTEN,
  /** A consumer believes the deletion of a node after its creation. */
  DELETION_BELIEVED_AFTER_A_CREATION;

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

  /** The rules for what a consumer reads, wrong or not. */
  Supplier<Invalidations> invalidations() {
    return switch (this) {
      case ABANDONED_READ_FORGOTTEN -> WrongInvalidations::forgettingReads;
      case DELETION_BELIEVED_AFTER_A_CREATION -> WrongInvalidations::believingDeletions;
      default -> Invalidations::new;
    };
  }
}
