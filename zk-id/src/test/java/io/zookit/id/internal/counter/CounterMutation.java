package io.zookit.id.internal.counter;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.id.internal.record.IdNode;

/** The deliberate errors of a simulation, which it must notice. */
enum CounterMutation {
  /** No error: this one must pass. */
  NONE,
  /** An addition without an answer is made again, as if it had not happened. */
  LOST_ANSWER_TAKEN_AS_REFUSED,
  /** An addition is repeated whatever became of the member meanwhile. */
  ADDITION_WITHOUT_VERSION,
  /** A member is folded with the sum that was read, whatever it has added since. */
  FOLD_WITHOUT_VERSION,
  /** A sum is taken from reads between which a member was folded. */
  TOTAL_READ_ONCE;

  private static final int RENEW_AT = 40;

  /** The counter of a client with this error. */
  SharedCounter counter(CoreClient client, String name) {
    CounterNodes nodes = new CounterNodes(client, new IdNode(client, name));
    CounterFolding folding = new BrokenFolding(client, nodes);
    return new SharedCounter(client, new BrokenMember(client, nodes, folding), folding);
  }

  private final class BrokenMember extends CounterMember {
    BrokenMember(CoreClient client, CounterNodes nodes, CounterFolding folding) {
      super(client, nodes, folding, RENEW_AT);
    }

    @Override
    boolean mayHaveHappened() {
      return CounterMutation.this != LOST_ANSWER_TAKEN_AS_REFUSED;
    }

    @Override
    int conditionOf(PartialSumNode node) {
      return CounterMutation.this == ADDITION_WITHOUT_VERSION ? -1 : super.conditionOf(node);
    }
  }

  private final class BrokenFolding extends CounterFolding {
    BrokenFolding(CoreClient client, CounterNodes nodes) {
      super(client, nodes);
    }

    @Override
    int conditionOf(int version) {
      return CounterMutation.this == FOLD_WITHOUT_VERSION ? -1 : version;
    }

    @Override
    boolean isSame(int before, int after) {
      return CounterMutation.this == TOTAL_READ_ONCE || super.isSame(before, after);
    }
  }
}
