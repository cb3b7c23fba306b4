package io.zookit.id.internal.snowflake;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.id.IdLayout;
import io.zookit.id.internal.record.IdNode;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedNode;

/** The deliberate errors of a simulation, which it must notice. */
enum SlotMutation {
  /** No error: this one must pass. */
  NONE,
  /** An extension whose version has moved is taken as the own one, whichever process wrote the mark. */
  LOST_ANSWER_TAKEN_AS_APPLIED,
  /** An extension whose version has moved is taken as the own one if this session owns the slot: another handle may. */
  OWN_BY_SESSION,
  /** Extensions and claims are written whatever the version of the mark. */
  WITHOUT_VERSION,
  /** The ids of a claimed slot begin at the clock, not behind the end of its mark. */
  START_BY_CLOCK;

  /** The slot of a client with this error. */
  SlotHolder holder(SimulatedClient client, String name, IdLayout layout) {
    return new BrokenHolder(
        client, new BrokenNodes(client, new IdNode(client, name), layout), layout);
  }

  private final class BrokenHolder extends SlotHolder {
    BrokenHolder(CoreClient client, SlotNodes nodes, IdLayout layout) {
      super(client, nodes, layout);
    }

    @Override
    long endBefore(long until) {
      return SlotMutation.this == START_BY_CLOCK ? 0 : until;
    }
  }

  private final class BrokenNodes extends SlotNodes {
    private final SimulatedClient simulated;

    BrokenNodes(SimulatedClient client, IdNode node, IdLayout layout) {
      super(client, node, layout);
      this.simulated = client;
    }

    @Override
    boolean isOwnWrite(WindowRecord stored, MarkWrite write) {
      return switch (SlotMutation.this) {
        case LOST_ANSWER_TAKEN_AS_APPLIED -> true;
        case OWN_BY_SESSION -> isOwnedBySession(write.slot());
        default -> super.isOwnWrite(stored, write);
      };
    }

    private boolean isOwnedBySession(int slot) {
      SimulatedNode read = simulated.ensemble().tree().find(owner(slot).value());
      return read != null
          && simulated
              .connection()
              .filter(own -> own.sessionId() == read.session())
              .isPresent();
    }

    @Override
    int conditionOf(MarkWrite write) {
      return SlotMutation.this == WITHOUT_VERSION ? -1 : super.conditionOf(write);
    }
  }
}
