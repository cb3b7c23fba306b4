package io.zookit.admin.config;

import io.zookit.admin.shell.Shell;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Draft;
import io.zookit.config.Drafts;
import io.zookit.config.Namespace;
import java.util.Map;
import java.util.Optional;

/** Saves files as drafts where the policy requires approvals, so that others can approve them. */
final class AppliedDrafts {

  /** The draft of its own that {@code apply} saves to, so that it never replaces what a person edits. */
  static final String NAME = "apply";

  private final Shell shell;
  private final ConfigStore store;
  private final Change change;

  AppliedDrafts(Shell shell, ConfigStore store, Change change) {
    this.shell = shell;
    this.store = store;
    this.change = change;
  }

  /**
   * Saves what no draft holds yet.
   *
   * @return whether anything was saved, and waits for approval now
   */
  boolean save(Map<Namespace, Content> contents) throws InterruptedException {
    boolean saved = false;
    for (Map.Entry<Namespace, Content> each : contents.entrySet()) {
      Namespace ns = each.getKey();
      if (store.policy(ns).approvals() > 0
          && store.drafts(ns).holding(each.getValue()).isEmpty()) {
        save(store.drafts(ns), each.getValue());
        shell.say("draft " + NAME + " of " + ns + " waits for approval; another person approves it"
            + " with `zookit config draft approve " + ns + " " + NAME + "`");
        saved = true;
      }
    }
    if (saved) {
      shell.say("nothing was published; once all are approved, the same command goes through");
    }
    return saved;
  }

  /** A draft of earlier files is replaced: its base and its authors are of those. */
  private void save(Drafts drafts, Content content) throws InterruptedException {
    Optional<Draft> earlier = drafts.find(NAME);
    if (earlier.isPresent()) {
      drafts.discard(earlier.get());
    }
    drafts.save(drafts.open(NAME).withContent(content), change);
  }
}
