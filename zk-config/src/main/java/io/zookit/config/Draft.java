package io.zookit.config;

import java.time.Instant;
import java.util.List;

/**
 * A content in the making, kept in ZooKeeper under a name. It remembers the release it is based on, and is published only
 * on top of that one. Drafts come from {@link Drafts}; there are no other implementations.
 *
 * <p>Immutable: editing returns another one, which is saved with {@link Drafts#save} only if it was not saved meanwhile.
 */
public interface Draft {

  /** The namespace it belongs to. */
  Namespace namespace();

  /** Its name. */
  String name();

  /** The release it is based on; 0 for none. */
  int base();

  /** Its content; secrets are sealed once it was saved. */
  Content content();

  /** The author of the last save. */
  String author();

  /** The time of the last save, by the clock of its author. */
  Instant at();

  /** The reason; empty if none was given. */
  String message();

  /** Its approvals, as it is. A save takes all approvals away. */
  List<Drafts.Approval> approvals();

  /** The authors of all saves since it was begun, each with the authenticated identities behind the name. */
  List<String> authors();

  /** Tells if it was ever saved. */
  boolean isSaved();

  /** Returns a copy with another content, not yet saved. */
  Draft withContent(Content other);
}
