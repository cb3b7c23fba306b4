package io.zookit.admin.config;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Draft;
import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import io.zookit.config.format.Diff;
import io.zookit.config.format.KeyChange;
import java.util.List;
import java.util.Set;

/** Messages about a draft that existed before it was edited, so that no edit publishes unnoticed changes of others. */
final class DraftNotes {

  private DraftNotes() {}

  /**
   * Says which changes a draft held already and which release it is based on.
   *
   * @param draft as it was before the edit
   * @param edited the keys of the edit, which are left out
   */
  static void write(Shell shell, ConfigStore store, Draft draft, Set<String> edited)
      throws InterruptedException {
    if (!draft.isSaved()) {
      return;
    }
    List<String> held = held(store.drafts(draft.namespace()).diff(draft), edited);
    if (!held.isEmpty()) {
      shell.say("draft " + draft.name() + " on release " + draft.base()
          + " already holds other changes, last saved by " + draft.author() + " at "
          + Words.seconds(draft.at()) + ":");
      held.forEach(line -> shell.say("  " + line));
    }
    int stable = store
        .state(draft.namespace())
        .map(NamespaceState::stable)
        .map(number -> number.orElse(0))
        .orElse(0);
    if (stable != draft.base()) {
      shell.say("draft " + draft.name() + " is based on release " + draft.base() + ", but release "
          + stable + " is stable; " + remedy(draft.namespace(), draft.name()));
    }
  }

  /** The commands that end a conflict of a draft. */
  static String remedy(Namespace ns, String name) {
    String draft = name.equals(Given.DRAFT) ? "" : " " + name;
    return "`zookit config draft rebase " + ns + draft + "` brings the draft up to date,"
        + " `zookit config draft discard " + ns + draft + "` deletes it";
  }

  private static List<String> held(Diff diff, Set<String> edited) {
    if (diff.keys().isEmpty()) {
      return Differences.lines(diff).stream().map(Cell::text).toList();
    }
    List<KeyChange> others =
        diff.keys().stream().filter(change -> !edited.contains(change.key())).toList();
    return Differences.lines(new Diff(others, List.of())).stream()
        .map(Cell::text)
        .toList();
  }
}
