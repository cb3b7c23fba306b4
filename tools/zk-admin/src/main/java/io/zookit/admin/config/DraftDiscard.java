package io.zookit.admin.config;

import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Draft;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Deletes a draft. */
@Command(
    name = "discard",
    description = "Delete a draft.",
    footer = {
      "  zookit config draft discard prod/checkout/limits",
      "  zookit config draft discard prod/checkout/limits sale --yes"
    })
final class DraftDiscard extends DraftVerb {

  @Mixin
  private Consent consent = new Consent();

  DraftDiscard(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    Draft draft = draft(store);
    String what = "discard draft " + draft.name() + " of " + ns() + ", by " + draft.author();
    if (consent.isGiven(shell(), what)) {
      store.drafts(ns()).discard(draft);
      shell().say("draft " + draft.name() + " is discarded");
    }
    return ExitCode.OK;
  }
}
