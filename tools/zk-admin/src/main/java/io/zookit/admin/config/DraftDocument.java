package io.zookit.admin.config;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Shell;
import io.zookit.config.Draft;
import io.zookit.config.Drafts;
import java.time.Instant;
import java.util.List;

/**
 * A draft as programs see it.
 *
 * @param base the release it is based on; 0 for none
 * @param approvals the approvers of its current content, with the identities of their connections
 * @param authors the users that saved it since it was created, with the identities of their connections; none of them can
 *     approve it
 */
record DraftDocument(
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

  static final Layout<DraftDocument> LAYOUT = Layout.of(
      DraftDocument::name,
      Column.of("DRAFT", DraftDocument::name),
      Column.of("BASE", DraftDocument::base),
      Column.of("KEYS", DraftDocument::keys),
      Column.of("APPROVED BY", draft -> Words.list(draft.approvals)),
      Column.of("BY", DraftDocument::author),
      Column.of("AT", draft -> Words.seconds(draft.at)),
      Column.of("MESSAGE", DraftDocument::message));

  static DraftDocument of(Draft draft) {
    return new DraftDocument(
        draft.namespace().toString(),
        draft.name(),
        draft.base(),
        Words.of(draft.content().format()),
        draft.content().values().size(),
        draft.author(),
        draft.at(),
        draft.message(),
        draft.approvals().stream().map(Drafts.Approval::toString).toList(),
        draft.authors());
  }

  /** Writes what is known of one. */
  static void show(Shell shell, Draft draft) {
    shell.output().show(of(draft), LAYOUT);
  }
}
