package io.zookit.id.internal.counter;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.id.internal.record.IdNode;

/** The deliberate errors of a simulation, which it must notice. */
enum ValueMutation {
  /** No error: this one must pass. */
  NONE,
  /** A change without an answer is made again, as if it had not happened. */
  LOST_ANSWER_TAKEN_AS_REFUSED;

  private static final int ROLL_AT = 40;

  /** The value of a client with this error. */
  ValueCell value(CoreClient client, String name) {
    IdNode node = new IdNode(client, name);
    return this == NONE
        ? new ValueCell(client, node, ROLL_AT)
        : new ValueCell(client, node, ROLL_AT) {
          @Override
          boolean mayHaveHappened() {
            return false;
          }
        };
  }
}
