package io.zookit.config.internal.head;

import io.zookit.config.Change;
import io.zookit.config.Drafts;
import java.util.List;
import org.apache.zookeeper.Op;

/** Gate that every change of a head passes just before its transaction. */
public interface HeadGate {

  /** Reasons to admit a change; part of its audit entry. */
  record Admission(List<Drafts.Approval> approvals, List<String> overrides, List<Op> ops) {

    public static final Admission FREE = new Admission(List.of(), List.of(), List.of());
  }

  /**
   * Admits a change.
   *
   * @throws io.zookit.config.ConfigRefusedException if approvals are missing and the change does not override them
   */
  Admission admit(HeadChange move, Change change) throws InterruptedException;
}
