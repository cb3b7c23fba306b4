package io.zookit.admin.config;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Tone;
import io.zookit.config.ConfigStore;
import io.zookit.config.Environments;
import org.jspecify.annotations.Nullable;

/**
 * A value of a searched key as programs see it.
 *
 * @param namespace the namespace that has the key
 * @param release the release that has it; 0 if the namespace cannot be read
 * @param rule stable, or gray and the name of the gray release
 * @param value the value; hidden if it is secret
 * @param problem why the namespace cannot be read; null if it can
 */
record KeyMatchDocument(
    String namespace,
    int release,
    String rule,
    String key,
    String value,
    boolean secret,
    @Nullable String problem) {

  static final Layout<KeyMatchDocument> LAYOUT = Layout.of(
      KeyMatchDocument::namespace,
      Column.of("NAMESPACE", KeyMatchDocument::namespace),
      Column.of("RELEASE", each -> each.problem == null ? each.release : ""),
      Column.of("RULE", KeyMatchDocument::rule),
      Column.of("KEY", KeyMatchDocument::key),
      new Column<>("VALUE", KeyMatchDocument::valueOrProblem));

  static KeyMatchDocument of(Environments.KeyMatch match) {
    return new KeyMatchDocument(
        match.namespace().toString(),
        match.release(),
        match.rule(),
        match.key(),
        match.value(),
        match.secret(),
        null);
  }

  static KeyMatchDocument unreadable(ConfigStore.Unreadable each) {
    return new KeyMatchDocument(each.name(), 0, "", "", "", false, each.reason());
  }

  private Cell valueOrProblem() {
    return problem == null ? Cell.of(value) : new Cell("cannot be read: " + problem, Tone.BAD);
  }
}
