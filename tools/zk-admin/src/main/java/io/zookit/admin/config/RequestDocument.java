package io.zookit.admin.config;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.config.Drafts;
import io.zookit.config.Policy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for approval as programs see it.
 *
 * @param action the requested action
 * @param subject the subject of the action
 * @param author the user that requested it, with the identities of the connection
 * @param approvals its approvers, with the identities of their connections
 * @param policy the policy to be set; null for none
 */
record RequestDocument(
    String namespace,
    String id,
    String action,
    String subject,
    String author,
    Instant at,
    String message,
    List<String> approvals,
    @Nullable Policy policy) {

  static final Layout<RequestDocument> LAYOUT = Layout.of(
      RequestDocument::id,
      Column.of("REQUEST", RequestDocument::id),
      Column.of("ACTION", RequestDocument::action),
      Column.of("SUBJECT", RequestDocument::subject),
      Column.of("APPROVED BY", request -> Words.list(request.approvals)),
      Column.of("BY", RequestDocument::author),
      Column.of("AT", request -> Words.seconds(request.at)),
      Column.of("MESSAGE", RequestDocument::message));

  static RequestDocument of(Drafts.ApprovalRequest request) {
    return new RequestDocument(
        request.namespace().toString(),
        request.id(),
        Words.of(request.action()),
        request.subject(),
        request.author(),
        request.at(),
        request.message(),
        request.approvals().stream().map(Drafts.Approval::toString).toList(),
        request.policy().orElse(null));
  }
}
