package io.zookit.admin.config;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.config.Drafts;
import io.zookit.config.History;
import io.zookit.config.Policy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A change as programs see it.
 *
 * @param action the kind of change
 * @param release the release it concerns; null if none
 * @param removed number and hash of each release it removed
 * @param aborted the gray releases that it also aborted
 * @param identities the identities of the connection that wrote it, as far as they are known
 * @param approvals its approvers, with the identities of their connections
 * @param overrides the restrictions that it overrode
 * @param policyBefore the policy that it replaced; null for a change of another kind
 * @param policyAfter the policy that it set
 */
record EntryDocument(
    long epoch,
    long revision,
    String action,
    @Nullable Integer release,
    String author,
    Instant at,
    String message,
    Map<String, String> removed,
    List<String> aborted,
    List<String> identities,
    List<String> approvals,
    List<String> overrides,
    @Nullable Policy policyBefore,
    @Nullable Policy policyAfter) {

  static final Layout<EntryDocument> LAYOUT = Layout.of(
      entry -> String.valueOf(entry.revision),
      Column.of("REVISION", EntryDocument::revision),
      Column.of("ACTION", EntryDocument::shownAction),
      Column.of("RELEASE", entry -> Words.orBlank(entry.release)),
      Column.of("BY", EntryDocument::author),
      Column.of("APPROVED BY", entry -> Words.list(entry.approvals)),
      Column.of("AT", entry -> Words.seconds(entry.at)),
      Column.of("MESSAGE", EntryDocument::told));

  private String told() {
    String ended = aborted.isEmpty() ? "" : "(ended gray " + String.join(", ", aborted) + ")";
    return message.isEmpty() || ended.isEmpty() ? message + ended : message + " " + ended;
  }

  static EntryDocument of(History.Entry entry) {
    return new EntryDocument(
        entry.epoch(),
        entry.revision(),
        Words.of(entry.action()),
        Words.orNull(entry.release()),
        entry.author(),
        entry.at(),
        entry.message(),
        new TreeMap<>(entry.removed()),
        entry.aborted(),
        entry.identities(),
        entry.approvals().stream().map(Drafts.Approval::toString).toList(),
        entry.overrides(),
        entry.policyBefore().orElse(null),
        entry.policyAfter().orElse(null));
  }

  private String shownAction() {
    return overrides.isEmpty() ? action : action + ", overriding " + Words.list(overrides);
  }
}
