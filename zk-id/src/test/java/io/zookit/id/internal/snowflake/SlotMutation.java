package io.zookit.id.internal.snowflake;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.id.IdLayout;
import io.zookit.id.internal.record.IdNode;

/** The deliberate errors of a simulation, which it must notice. */
enum SlotMutation {
  /** No error: this one must pass. */
  NONE,
  /** An extension whose version has moved is taken as the own one, whichever process wrote the mark. */
  LOST_ANSWER_TAKEN_AS_APPLIED,
  /** Extensions and claims are written whatever the version of the mark. */
  WITHOUT_VERSION,
  /** The ids of a claimed slot begin at the clock, not behind the end of its mark. */
  START_BY_CLOCK;

  /** The slot of a client with this error. */
  SlotHolder holder(CoreClient client, String name, IdLayout layout) {
    return new BrokenHolder(client, new IdNode(client, name), layout);
  }

  private final class BrokenHolder extends SlotHolder {
    BrokenHolder(CoreClient client, IdNode node, IdLayout layout) {
      super(client, node, layout);
    }

    @Override
    boolean isOwnWrite(WindowRecord stored, MarkWrite write) {
      return SlotMutation.this == LOST_ANSWER_TAKEN_AS_APPLIED || super.isOwnWrite(stored, write);
    }

    @Override
    int conditionOf(MarkWrite write) {
      return SlotMutation.this == WITHOUT_VERSION ? -1 : super.conditionOf(write);
    }

    @Override
    long endBefore(long until) {
      return SlotMutation.this == START_BY_CLOCK ? 0 : until;
    }
  }
}
