package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Drafts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings a draft up to date. */
@Command(
    name = "rebase",
    description = {
      "Bring a draft up to the stable release, key by key.",
      "Keys that both sides changed differently are a conflict, and nothing is saved unless --theirs takes the stable values."
    },
    footer = "  zookit config draft rebase prod/checkout/limits --theirs")
final class DraftRebase extends DraftVerb {

  @Option(names = "--theirs", description = "Take the stable values where both sides changed.")
  private boolean theirs;

  @Mixin
  private Signature signature = new Signature();

  DraftRebase(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    Drafts drafts = store.drafts(ns());
    Drafts.Rebase rebase = drafts.rebase(draft(store));
    if (!rebase.conflicts().isEmpty() && !theirs) {
      throw new CommandException(
          ExitCode.CONFLICT,
          ns() + ": both sides changed " + Words.list(rebase.conflicts())
              + "; nothing was saved (--theirs takes the stable values)");
    }
    DraftDocument.show(shell(), drafts.save(rebase.draft(), signature.change(shell())));
    return ExitCode.OK;
  }
}
