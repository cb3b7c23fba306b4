package io.zookit.config.internal.publish;

import io.zookit.config.internal.model.Signatures;
import java.util.List;
import org.apache.zookeeper.Op;

/**
 * What a change takes from the draft that it is made of.
 *
 * @param name of the draft; empty without one
 * @param ops removes the draft, in the transaction of the change
 * @param guard fails if the draft was changed meanwhile
 * @param signatures who wrote and approved the draft
 */
public record DraftUse(
    String name, List<Op> ops, ReleasePublisher.Guard guard, Signatures signatures) {

  /** Of a content that was never a draft. */
  public static final DraftUse NONE = new DraftUse("", List.of(), () -> {}, Signatures.NONE);
}
