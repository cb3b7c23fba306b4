package io.zookit.config.internal.head;

import io.zookit.config.internal.model.Signatures;
import java.util.List;
import org.apache.zookeeper.Op;

/**
 * The draft that a change publishes: its removal, its check and its approvals.
 *
 * @param name of the draft; empty without one
 * @param ops removes the draft, in the transaction of the change
 * @param guard fails if the draft was changed meanwhile
 * @param signatures authors and approvals of the draft
 */
public record DraftUse(String name, List<Op> ops, Guard guard, Signatures signatures) {

  /** Looks again before each try whether what an order rests on is as it was. */
  public interface Guard {
    void check() throws InterruptedException;
  }

  /** Of a content that was never a draft. */
  public static final DraftUse NONE = new DraftUse("", List.of(), () -> {}, Signatures.NONE);
}
