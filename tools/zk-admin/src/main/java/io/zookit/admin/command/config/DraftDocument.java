package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Draft;
import io.zookit.config.Drafts;
import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import io.zookit.config.format.Diff;
import io.zookit.config.format.KeyChange;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * A draft as programs see it.
 *
 * @param base the release it is based on; 0 for none
 * @param approvals the approvers of its current content, with the identities of their connections
 * @param authors the users that saved it since it was created, with the identities of their connections; none of them can
 *     approve it
 */
public record DraftDocument(
    String namespace,
    String name,
    int base,
    String format,
    int keys,
    String author,
    Instant at,
    String message,
    List<String> approvals,
    List<String> authors) {

  /** Layout of a draft. */
  public static final Layout<DraftDocument> LAYOUT = Layout.of(
      DraftDocument::name,
      Column.of("DRAFT", DraftDocument::name),
      Column.of("BASE", DraftDocument::base),
      Column.of("KEYS", DraftDocument::keys),
      Column.of("APPROVED BY", draft -> DisplayText.list(draft.approvals)),
      Column.of("BY", DraftDocument::author),
      Column.of("AT", draft -> DisplayText.seconds(draft.at)),
      Column.of("MESSAGE", DraftDocument::message));

  /** Describes a draft. */
  public static DraftDocument of(Draft draft) {
    return new DraftDocument(
        draft.namespace().toString(),
        draft.name(),
        draft.base(),
        DisplayText.of(draft.content().format()),
        draft.content().values().size(),
        draft.author(),
        draft.at(),
        draft.message(),
        draft.approvals().stream().map(Drafts.Approval::toString).toList(),
        draft.authors());
  }

  /** Writes what is known of a draft. */
  public static void show(CommandContext context, Draft draft) {
    context.output().show(of(draft), LAYOUT);
  }

  /** Saves an edited draft and writes what is known of it. */
  static void save(CommandContext context, ConfigStore store, Draft edited, Change change)
      throws InterruptedException {
    show(context, store.drafts(edited.namespace()).save(edited, change));
  }

  /**
   * Writes which changes a draft held before an edit and which release it is based on, so that no edit publishes unnoticed
   * changes of others.
   *
   * @param draft as it was before the edit
   * @param edited the keys of the edit, which are left out
   */
  static void noteEarlierChanges(
      CommandContext context, ConfigStore store, Draft draft, Set<String> edited)
      throws InterruptedException {
    if (!draft.isSaved()) {
      return;
    }
    List<Cell> held = held(store.drafts(draft.namespace()).diff(draft), edited);
    if (!held.isEmpty()) {
      context.info("draft " + draft.name() + " on release " + draft.base()
          + " already holds other changes, last saved by " + draft.author() + " at "
          + DisplayText.seconds(draft.at()) + ":");
      held.forEach(line -> context.info("  " + line.text()));
    }
    int stable = store
        .state(draft.namespace())
        .map(NamespaceState::stable)
        .map(number -> number.orElse(0))
        .orElse(0);
    if (stable != draft.base()) {
      context.info("draft " + draft.name() + " is based on release " + draft.base()
          + ", but release " + stable + " is stable; " + remedy(draft.namespace(), draft.name()));
    }
  }

  private static List<Cell> held(Diff diff, Set<String> edited) {
    if (diff.keys().isEmpty()) {
      return DiffDocument.lines(diff);
    }
    List<KeyChange> others =
        diff.keys().stream().filter(change -> !edited.contains(change.key())).toList();
    return DiffDocument.lines(new Diff(others, List.of()));
  }

  /** The commands that end a conflict of a draft. */
  static String remedy(Namespace ns, String name) {
    String draft = name.equals(ContentSource.DRAFT) ? "" : " " + name;
    return "`zookit config draft rebase " + ns + draft + "` brings the draft up to date,"
        + " `zookit config draft discard " + ns + draft + "` deletes it";
  }
}
