package io.zookit.id.internal.sequence;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.session.Answer;
import io.zookit.id.internal.record.IdNode;
import io.zookit.id.internal.record.IdRecord;
import io.zookit.id.internal.record.SeenRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.Op;

/** The deliberate errors of a simulation, which it must notice. */
enum NumberMutation {
  /** No error: this one must pass. */
  NONE,
  /** An allocation without an answer hands out the number that it would have got. */
  LOST_ANSWER_TAKEN_AS_APPLIED,
  /** Allocations do not check the record, so a roll or resize does not fence them. */
  RECORD_UNCHECKED,
  /** The next generation begins where the one before began. */
  BASE_NOT_ADVANCED,
  /** The next generation begins behind the number whose caller began the roll, not behind the seal. */
  COUNTER_READ_BEFORE_THE_SEAL,
  /** Numbers that an answer contradicts are handed out all the same. */
  MEMORY_IGNORED;

  /** The numbers of a name with this error. */
  NumberLine line(CoreClient client, String name, String kind, int rollAt) {
    IdNode node = new IdNode(client, name);
    NumberRecords records = this == BASE_NOT_ADVANCED || this == COUNTER_READ_BEFORE_THE_SEAL
        ? new BrokenRecords(client, node, kind, rollAt)
        : new NumberRecords(client, node, kind);
    return this == NONE
        ? new NumberLine(client, node, kind, rollAt)
        : new BrokenLine(client, node, kind, rollAt, records);
  }

  private final class BrokenRecords extends NumberRecords {
    private final int rollAt;

    BrokenRecords(CoreClient client, IdNode node, String kind, int rollAt) {
      super(client, node, kind);
      this.rollAt = rollAt;
    }

    @Override
    IdRecord next(IdRecord seal, int version) {
      return super.next(
          seal, NumberMutation.this == BASE_NOT_ADVANCED ? 0 : Math.min(version, rollAt));
    }
  }

  private final class BrokenLine extends NumberLine {
    BrokenLine(CoreClient client, IdNode node, String kind, int rollAt, NumberRecords records) {
      super(client, node, kind, rollAt, records);
    }

    @Override
    List<Op> operations(SeenRecord seen, int steps) {
      List<Op> ops = new ArrayList<>(super.operations(seen, steps));
      if (NumberMutation.this == RECORD_UNCHECKED) {
        ops.set(0, Op.check(ops.get(0).getPath(), -1));
      }
      return ops;
    }

    @Override
    void onUnanswered(
        OpenNumbers open, int steps, Answer<?> answer, CompletableFuture<NumberRange> allocated) {
      NumberMemory memory = memory();
      if (NumberMutation.this == LOST_ANSWER_TAKEN_AS_APPLIED && answer.sent() && memory != null) {
        long first = memory.highest() + 1;
        allocated.complete(
            new NumberRange(first, first + steps * open.seen().record().stepOrOne() - 1, 0));
      } else {
        super.onUnanswered(open, steps, answer, allocated);
      }
    }

    @Override
    boolean isMemoryUsed() {
      return NumberMutation.this != MEMORY_IGNORED;
    }
  }
}
