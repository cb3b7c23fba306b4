package io.zookit.config;

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
record DraftUse(String name, List<Op> ops, ReleasePublisher.Guard guard, Signatures signatures) {

  /** Of a content that was never a draft. */
  static final DraftUse NONE = new DraftUse("", List.of(), () -> {}, Signatures.NONE);
}
