package io.zookit.admin.command.config.audit;

import io.zookit.admin.cli.ReadFailures;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.config.ConfigStore;
import io.zookit.config.Drafts;
import io.zookit.config.Environments;
import io.zookit.config.History;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A change as programs see it.
 *
 * @param namespace the namespace that was changed
 * @param action the kind of change, or {@code reveal} for an opening of secrets, which has revision 0; empty if it cannot be
 *     read
 * @param release the release it concerns; null if none
 * @param removed number and hash of each release it removed
 * @param aborted the gray releases that it also aborted
 * @param identities the identities of the connection that wrote it, as far as they are known
 * @param approvals its approvers, with the identities of their connections
 * @param overrides the restrictions that it overrode
 * @param policyBefore the policy that it replaced; null for a change of another kind
 * @param policyAfter the policy that it set
 * @param problem why it cannot be read; null if it can
 */
record EntryDocument(
    String namespace,
    long epoch,
    long revision,
    String action,
    @Nullable Integer release,
    String author,
    @Nullable Instant at,
    String message,
    Map<String, String> removed,
    List<String> aborted,
    List<String> identities,
    List<String> approvals,
    List<String> overrides,
    @Nullable Policy policyBefore,
    @Nullable Policy policyAfter,
    @Nullable String problem) {

  static final Layout<EntryDocument> LAYOUT = Layout.of(
      EntryDocument::identifier,
      Column.of("REVISION", EntryDocument::shownRevision),
      Column.of("ACTION", EntryDocument::shownAction),
      Column.of("RELEASE", entry -> DisplayText.orBlank(entry.release)),
      Column.of("BY", EntryDocument::author),
      Column.of("APPROVED BY", entry -> DisplayText.list(entry.approvals)),
      Column.of("AT", EntryDocument::shownTime),
      Column.of("MESSAGE", EntryDocument::told));

  /** Layout of the changes of several namespaces. */
  static final Layout<EntryDocument> OF_ALL = Layout.of(
      entry -> entry.namespace + (entry.problem == null ? " " + entry.identifier() : ""),
      Column.of("NAMESPACE", EntryDocument::namespace),
      Column.of("REVISION", EntryDocument::shownRevision),
      new Column<>("ACTION", EntryDocument::actionOrProblem),
      Column.of("RELEASE", entry -> DisplayText.orBlank(entry.release)),
      Column.of("BY", EntryDocument::author),
      Column.of("AT", EntryDocument::shownTime),
      Column.of("MESSAGE", EntryDocument::told));

  private Object shownTime() {
    return DisplayText.secondsOrBlank(at);
  }

  private Cell actionOrProblem() {
    return problem == null ? Cell.of(shownAction()) : ReadFailures.cell(problem);
  }

  private String told() {
    String ended = aborted.isEmpty() ? "" : "(ended gray " + String.join(", ", aborted) + ")";
    return message.isEmpty() || ended.isEmpty() ? message + ended : message + " " + ended;
  }

  static EntryDocument of(Namespace ns, History.Entry entry) {
    return new EntryDocument(
        ns.toString(),
        entry.epoch(),
        entry.revision(),
        DisplayText.of(entry.action()),
        DisplayText.orNull(entry.release()),
        entry.author(),
        entry.at(),
        entry.message(),
        new TreeMap<>(entry.removed()),
        entry.aborted(),
        entry.identities(),
        entry.approvals().stream().map(Drafts.Approval::toString).toList(),
        entry.overrides(),
        entry.policyBefore().orElse(null),
        entry.policyAfter().orElse(null),
        null);
  }

  /** The row of an opening of secrets, which has no revision. */
  static EntryDocument of(Environments.Disclosure opened) {
    return new EntryDocument(
        opened.namespace().toString(),
        0,
        0,
        "reveal",
        null,
        opened.author(),
        opened.at(),
        "opened " + opened.keys(),
        Map.of(),
        List.of(),
        opened.identities(),
        List.of(),
        List.of(),
        null,
        null,
        null);
  }

  /** The changes and openings together, newest first, at most that number. */
  static List<EntryDocument> merged(
      List<EntryDocument> changes, List<EntryDocument> opened, int most) {
    List<EntryDocument> all = new ArrayList<>();
    int next = 0;
    for (EntryDocument change : changes) { // stays in its order, whatever the clocks of authors say
      while (next < opened.size() && isAfter(opened.get(next), change)) {
        all.add(opened.get(next++));
      }
      all.add(change);
    }
    all.addAll(opened.subList(next, opened.size()));
    return List.copyOf(all.subList(0, Math.min(Math.max(0, most), all.size())));
  }

  private static boolean isAfter(EntryDocument one, EntryDocument other) {
    return one.at != null && other.at != null && one.at.isAfter(other.at);
  }

  private String identifier() {
    return revision == 0 ? action : String.valueOf(revision);
  }

  private Object shownRevision() {
    return revision == 0 ? "" : revision;
  }

  static EntryDocument unreadable(ConfigStore.Unreadable each) {
    return new EntryDocument(
        each.name(),
        0,
        0,
        "",
        null,
        "",
        null,
        "",
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        null,
        null,
        each.reason());
  }

  private String shownAction() {
    return overrides.isEmpty() ? action : action + ", overriding " + DisplayText.list(overrides);
  }
}
