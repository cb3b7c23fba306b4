package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Draft;
import io.zookit.config.PublishPreview;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Compares a draft with what is stable. */
@Command(
    name = "diff",
    description = "Compare a draft with the stable release. Secrets are hidden.",
    footer = "  zookit config draft diff prod/checkout/limits --unified")
final class DraftDiff extends DraftVerb {

  @Mixin
  private DiffLook look = new DiffLook();

  DraftDiff(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    Draft draft = draft(store);
    PublishPreview preview = store.preview(ns(), draft.content());
    look.write(shell(), ns(), "@stable", "draft " + draft.name(), preview.diff());
    return look.code(!preview.unchanged());
  }
}
