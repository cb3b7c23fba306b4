package io.zookit.admin.config;

import io.zookit.admin.shell.Output;
import io.zookit.admin.shell.Shell;
import io.zookit.config.Content;
import io.zookit.config.History;
import io.zookit.config.format.Diff;
import java.util.List;

/** Shows contents, with their secrets hidden unless they are to be revealed. */
final class Contents {

  private Contents() {}

  /** A content of which every secret is hidden, unless it is to be revealed. */
  static Content shown(History history, Content content, boolean reveal)
      throws InterruptedException {
    if (reveal) {
      return history.reveal(content);
    }
    Content shown = content;
    for (String key : content.values().keySet()) {
      if (content.isSecret(key)) {
        shown = shown.with(key, Diff.HIDDEN);
      }
    }
    return shown;
  }

  /** Writes one: its text for people, all of it for programs, its keys as names. */
  static void write(Shell shell, ContentDocument document) {
    Output output = shell.output();
    if (output.isTable()) {
      String text = document.text();
      output.text(text.endsWith("\n") ? text : text + "\n", shell.isOnTerminal());
    } else if (output.isNamesOnly()) {
      output.names(List.copyOf(document.values().keySet()));
    } else {
      output.show(document, ContentDocument.LAYOUT);
    }
  }
}
