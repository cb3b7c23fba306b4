package io.zookit.admin.job;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;

/**
 * A trigger as programs see it.
 *
 * @param id what tells it from others
 * @param made whether it was made now; false when it was there or had been run
 */
record TriggerDocument(String job, String id, boolean made) {

  static final Layout<TriggerDocument> LAYOUT = Layout.of(
      TriggerDocument::id,
      Column.of("JOB", TriggerDocument::job),
      Column.of("ID", TriggerDocument::id),
      Column.of("RESULT", trigger -> trigger.made ? "triggered" : "was triggered before"));
}
