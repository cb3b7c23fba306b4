package io.zookit.config.internal.draft;

import io.zookit.config.Drafts;
import io.zookit.config.History;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.config.internal.model.RequestRecord;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A request for approval, with the record of its node. */
record StoredApprovalRequest(Namespace namespace, String id, RequestRecord record)
    implements Drafts.ApprovalRequest {

  /** Returns the request that a caller was given before. */
  static StoredApprovalRequest of(Drafts.ApprovalRequest request) {
    if (request instanceof StoredApprovalRequest stored) {
      return stored;
    }
    throw new IllegalArgumentException("request: " + request + " (expected: one of this store)");
  }

  @Override
  public History.Action action() {
    return record.action();
  }

  @Override
  public String subject() {
    return record.subject();
  }

  @Override
  public Optional<Policy> policy() {
    return Optional.ofNullable(record.policy());
  }

  @Override
  public String author() {
    return record.authors().get(0).toString();
  }

  @Override
  public Instant at() {
    return record.at();
  }

  @Override
  public String message() {
    return record.message();
  }

  @Override
  public List<Drafts.Approval> approvals() {
    return record.approvals();
  }

  /** Action and subject, in words. */
  String title() {
    String about = subject().isEmpty() ? "" : " " + subject();
    return action().name().toLowerCase(Locale.ROOT) + about;
  }

  @Override
  public String toString() {
    return namespace + " request " + id;
  }
}
