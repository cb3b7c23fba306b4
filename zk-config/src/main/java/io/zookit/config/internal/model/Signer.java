package io.zookit.config.internal.model;

import io.zookit.config.Drafts;
import io.zookit.core.internal.codec.Stored;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A person that changed or approved something: the name that was given, and the identities that ZooKeeper accepted for
 * the connection.
 *
 * @param identities each as {@code scheme:name}; empty for a connection without credentials
 */
public record Signer(
    @Stored("label") String label, @Stored("identities") List<String> identities) {

  public Signer {
    identities = List.copyOf(identities);
  }

  static Signer of(Drafts.Approval approval) {
    return new Signer(approval.label(), approval.identities());
  }

  /** A name that nothing vouches for. */
  public boolean isAdvisory() {
    return identities.isEmpty();
  }

  /** Tells if both are one person: by their identities, or by their names if one of them has no identity. */
  boolean isSameAs(Signer other) {
    return (isAdvisory() || other.isAdvisory())
        ? label.equals(other.label)
        : !Collections.disjoint(identities, other.identities);
  }

  /** These signers and one more, unless that one is among them. */
  public static List<Signer> with(List<Signer> signers, Signer more) {
    List<Signer> all = new ArrayList<>(signers);
    if (all.stream().noneMatch(each -> each.equals(more))) {
      all.add(more);
    }
    return List.copyOf(all);
  }

  @Override
  public String toString() {
    return isAdvisory() ? label : label + " (" + String.join(", ", identities) + ")";
  }
}
