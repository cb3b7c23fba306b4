package io.zookit.config;

import java.time.Instant;
import java.util.List;

/**
 * A content in the making, kept in ZooKeeper under a name. It remembers the release it is based on, and is published only
 * on top of that one.
 *
 * <p>Immutable: editing makes another one, which is saved with {@link Drafts#save} only if nobody saved meanwhile.
 */
public final class Draft {

  static final int NEW = -1;

  private final Namespace namespace;
  private final String name;
  private final int base;
  private final Content content;
  private final String author;
  private final Instant at;
  private final String message;
  private final Signatures signatures;
  private final int version;
  private final String saveId;

  Draft(
      Namespace namespace,
      String name,
      int base,
      Content content,
      String author,
      Instant at,
      String message,
      Signatures signatures,
      int version,
      String saveId) {
    this.namespace = namespace;
    this.name = name;
    this.base = base;
    this.content = content;
    this.author = author;
    this.at = at;
    this.message = message;
    this.signatures = signatures;
    this.version = version;
    this.saveId = saveId;
  }

  /** Where it belongs. */
  public Namespace namespace() {
    return namespace;
  }

  /** What it is called. */
  public String name() {
    return name;
  }

  /** The release it is based on; 0 for none. */
  public int base() {
    return base;
  }

  /** What it holds; secrets are sealed once it was saved. */
  public Content content() {
    return content;
  }

  /** Who saved it last. */
  public String author() {
    return author;
  }

  /** When it was saved last, by the clock of who did. */
  public Instant at() {
    return at;
  }

  /** Why; empty when nothing was said. */
  public String message() {
    return message;
  }

  /** Who approved it as it is. A save takes all approvals away. */
  public List<Drafts.Approval> approvals() {
    return signatures.approvals();
  }

  /** Everybody who saved it since it was begun, each with the authenticated identities behind the name. */
  public List<String> authors() {
    return signatures.authors().stream().map(Signer::toString).toList();
  }

  /** Whether it was ever saved. */
  public boolean isSaved() {
    return version != NEW;
  }

  /** A copy with another content, not yet saved. */
  public Draft withContent(Content other) {
    return basedOn(base, other);
  }

  Draft basedOn(int release, Content merged) {
    return new Draft(
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

  Signatures signatures() {
    return signatures;
  }

  int version() {
    return version;
  }

  /** The save it was read after; a draft made anew under the same name counts its versions anew, but has another. */
  String saveId() {
    return saveId;
  }

  @Override
  public String toString() {
    return namespace + " draft " + name + " on " + base;
  }
}
