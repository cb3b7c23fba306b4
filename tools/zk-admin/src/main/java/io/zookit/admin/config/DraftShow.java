package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Draft;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows a draft. */
@Command(
    name = "show",
    description = "Show the content of a draft. Secrets are hidden.",
    footer = {
      "  zookit config draft show prod/checkout/limits",
      "  zookit config draft show prod/checkout/limits sale --reveal"
    })
final class DraftShow extends DraftVerb {

  @Option(names = "--reveal", description = "Open secrets.")
  private boolean reveal;

  DraftShow(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    Draft draft = draft(store);
    Content shown = Contents.shown(store.history(ns()), draft.content(), reveal);
    Contents.write(shell(), ContentDocument.of(draft, shown));
    return ExitCode.OK;
  }
}
