package io.zookit.config.internal.draft;

import io.zookit.config.Content;
import io.zookit.config.Draft;
import io.zookit.config.Drafts;
import io.zookit.config.Namespace;
import io.zookit.config.internal.model.Signatures;
import io.zookit.config.internal.model.Signer;
import java.time.Instant;
import java.util.List;

/**
 * A draft as it was read or saved.
 *
 * @param version of its node; {@link #NEW} if it was never saved
 * @param saveId the save it was read after; a draft created again under the same name starts with version 0, but has
 *     another
 */
public record StoredDraft(
    Namespace namespace,
    String name,
    int base,
    Content content,
    String author,
    Instant at,
    String message,
    Signatures signatures,
    int version,
    String saveId)
    implements Draft {

  static final int NEW = -1;

  /** Returns the draft that a caller was given before. */
  static StoredDraft of(Draft draft) {
    if (draft instanceof StoredDraft stored) {
      return stored;
    }
    throw new IllegalArgumentException("draft: " + draft + " (expected: one of this store)");
  }

  @Override
  public List<Drafts.Approval> approvals() {
    return signatures.approvals();
  }

  @Override
  public List<String> authors() {
    return signatures.authors().stream().map(Signer::toString).toList();
  }

  @Override
  public boolean isSaved() {
    return version != NEW;
  }

  @Override
  public StoredDraft withContent(Content other) {
    return basedOn(base, other);
  }

  StoredDraft basedOn(int release, Content merged) {
    return new StoredDraft(
        namespace,
        name,
        release,
        merged,
        author,
        at,
        message,
        new Signatures(signatures.authors(), List.of()),
        version,
        saveId);
  }

  @Override
  public String toString() {
    return namespace + " draft " + name + " on " + base;
  }
}
