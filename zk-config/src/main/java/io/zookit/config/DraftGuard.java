package io.zookit.config;

import java.util.Optional;

/** Refuses to publish a draft that somebody else has changed. */
final class DraftGuard {

  private final ConfigReader reader;

  DraftGuard(ConfigReader reader) {
    this.reader = reader;
  }

  void requireUnchanged(Draft draft) throws InterruptedException {
    Namespace ns = draft.namespace();
    Optional<io.zookit.core.internal.SessionHandle.Node> node =
        reader.wire().read(reader.tree().draft(ns, draft.name()));
    if (node.isEmpty()) {
      throw new ConfigNotFoundException(ns, "draft " + draft.name());
    }
    if (node.get().stat().getVersion() != draft.version()
        || !DraftDesk.saveIdOf(node.get().data()).equals(draft.saveId())) {
      Content base = draft.base() == 0 ? draft.content() : reader.content(ns, draft.base());
      throw new ConfigConflictException(
          ns,
          "draft " + draft.name() + " was changed by somebody else",
          draft.base(),
          draft.base(),
          () -> Publishing.difference("@" + draft.base(), base, "mine", draft.content()),
          () -> Publishing.difference("@" + draft.base(), base, "@" + draft.base(), base));
    }
  }
}
