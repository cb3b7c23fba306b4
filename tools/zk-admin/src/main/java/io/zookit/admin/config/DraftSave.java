package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Draft;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes a file a draft. */
@Command(
    name = "save",
    description = {
      "Save a file as a draft, so that it can be approved before it is published.",
      "A draft of that name gets the content of the file and keeps its base; it loses its approvals."
    },
    footer = {
      "  zookit config draft save prod/checkout/limits -f limits.properties",
      "  zookit config draft save prod/checkout/limits --draft sale -f - < limits.properties"
    })
final class DraftSave extends NamespaceVerb {

  @Mixin
  private Given given = new Given();

  @Mixin
  private Signature signature = new Signature();

  DraftSave(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    if (!given.isFile()) {
      throw new CommandException(ExitCode.USAGE, "-f: missing (expected: FILE)");
    }
    Draft opened = store.drafts(ns()).open(given.draft());
    Draft saved =
        store.drafts(ns()).save(opened.withContent(given.read(shell())), signature.change(shell()));
    DraftDocument.show(shell(), saved);
    return ExitCode.OK;
  }
}
