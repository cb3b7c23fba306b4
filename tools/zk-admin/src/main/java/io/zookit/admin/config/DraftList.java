package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import java.util.List;
import picocli.CommandLine.Command;

/** Lists drafts. */
@Command(
    name = "list",
    description = "List the drafts of a namespace.",
    footer = "  zookit config draft list prod/checkout/limits")
final class DraftList extends NamespaceVerb {

  DraftList(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    state(store);
    List<DraftDocument> drafts =
        store.drafts(ns()).list().stream().map(DraftDocument::of).toList();
    shell().output().list(drafts, DraftDocument.LAYOUT);
    return ExitCode.OK;
  }
}
